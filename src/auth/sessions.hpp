// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/access_token.hpp"
#include "auth/store.hpp"
#include "auth/types.hpp"
#include "core/caller.hpp"
#include "core/clock.hpp"
#include "core/random.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "storage/database.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::auth {

struct SessionTimes {
    std::chrono::milliseconds access_token{600'000};
    std::chrono::milliseconds refresh_token{30LL * 86'400'000};  // without a refresh the session ends
    std::chrono::milliseconds longest_session{90LL * 86'400'000};
    std::chrono::milliseconds origin_access_token{300'000};
    std::chrono::milliseconds origin_session{86'400'000};
};

/// Sessions: begun by a sign-in, kept alive by refreshes, ended by their owner, by time, or by a refresh token that comes twice.
class Sessions {
public:
    Sessions(storage::Database& db, const KeyRing& ring, const Clock& clock, Random& random, SessionTimes times);

    /// Begins a session for a user whose password was right, inside the caller's transaction.
    TokenPair begin(storage::Transaction& tx, UserId user, SessionKind kind, const Device& device);

    /// Trades a refresh token for new tokens. A token that was traded before ends the session: one of the two who hold it is a thief
    /// (RFC 9700 section 4.14.2). Errors: invalid_refresh_token.
    Task<Result<TokenPair>> refresh(std::string token);
    /// A new access token for the origin's clients, whose refresh token stays as it is. Error: invalid_refresh_token.
    Task<Result<std::string>> refresh_origin(std::string token);
    /// Whether a refresh token of the origin's kind is good. Error: invalid_refresh_token.
    Task<Result<void>> verify_origin(std::string token);

    Task<Result<SessionList>> list(Caller caller);
    /// Ends one of the caller's sessions. Error: not_found.
    Task<Result<void>> revoke(Caller caller, SessionId session);
    /// Ends all sessions of a user but one, inside the caller's transaction.
    void revoke_others(storage::Transaction& tx, UserId user, std::optional<SessionId> keep);

    Task<Result<Ticket>> make_ticket(Caller caller);
    /// Who made the ticket; it is good once. Error: invalid_ticket.
    Task<Result<Caller>> redeem_ticket(std::string ticket);

    /// Deletes sessions and tickets whose time is over, a slice at a time; true if there is more.
    Task<Result<bool>> purge();

    static constexpr std::chrono::seconds ticket_life{30};

private:
    std::string access_token(SessionId session, UserId user, Timestamp now, std::chrono::milliseconds life);
    void revoke_row(storage::Transaction& tx, const SessionRow& session, Timestamp now);
    /// The live session of a refresh token of this kind. Error: invalid_refresh_token.
    Result<SessionRow> session_of(storage::Connection& db, std::string_view refresh_hash, SessionKind kind, Timestamp now);

    storage::Database& db_;
    const KeyRing& ring_;
    const Clock& clock_;
    Random& random_;
    const SessionTimes times_;
};

}  // namespace parley::auth
