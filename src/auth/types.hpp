// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/json/fields.hpp"
#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace parley::auth {

/// How a session's refresh token behaves: Parley's rotates at every use; the origin's clients keep theirs (api.md section 7).
enum class SessionKind : std::uint8_t { parley, origin };
constexpr auto names_of(SessionKind) { return std::array<std::string_view, 2>{"parley", "origin"}; }

/// A sign-in as it is stored.
struct SessionRow {
    SessionId id;
    UserId user;
    SessionKind kind = SessionKind::parley;
    std::string user_agent;
    std::string ip;
    Timestamp created_at;
    Timestamp last_used_at;
    Timestamp expires_at;
    std::optional<Timestamp> revoked_at;
};

/// A device in the list of one's own.
struct Session {
    SessionId id;
    std::string user_agent;
    std::string ip;
    Timestamp created_at;
    Timestamp last_used_at;
    bool current = false;

    static constexpr std::string_view schema_name = "Session";
    static constexpr auto fields = std::tuple{json::Field{"id", &Session::id, "The session."},
                                              json::Field{"user_agent", &Session::user_agent, "What the client called itself when it signed in."},
                                              json::Field{"ip", &Session::ip, "The address it signed in from."},
                                              json::Field{"created_at", &Session::created_at, "When it signed in."},
                                              json::Field{"last_used_at", &Session::last_used_at, "When it was refreshed last."},
                                              json::Field{"current", &Session::current, "Whether this very request belongs to it."}};
};

struct SessionList {
    std::vector<Session> items;
    std::optional<std::string> next_cursor;

    static constexpr std::string_view schema_name = "SessionList";
    static constexpr auto fields = std::tuple{json::Field{"items", &SessionList::items, "The newest first."},
                                              json::Field{"next_cursor", &SessionList::next_cursor, "Always null: a user has few sessions."}};
};

struct Ticket {
    std::string ticket;
    std::int64_t expires_in = 0;

    static constexpr std::string_view schema_name = "Ticket";
    static constexpr auto fields = std::tuple{json::Field{"ticket", &Ticket::ticket, "To be sent in a socket's first frame, once."},
                                              json::Field{"expires_in", &Ticket::expires_in, "Seconds it is good for."}};
};

/// Where a sign-in comes from.
struct Device {
    std::string user_agent;
    std::string ip;
};

/// What a client gets for a sign-in or a refresh.
struct TokenPair {
    SessionId session;
    UserId user;
    std::string access_token;
    std::string refresh_token;
    std::chrono::seconds expires_in{0};
};

}  // namespace parley::auth
