// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/types.hpp"
#include "core/ids.hpp"
#include "core/json/read.hpp"
#include "core/json/write.hpp"
#include "core/result.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// What goes over the socket (api.md section 6). `type` and `id` of a client's frame are read apart, before the rest is known.
namespace parley::realtime {

/// The positions of `resume`: {"7": 40, …}. Keys are conversation ids, values seqs.
struct Positions {
    std::vector<std::pair<ConversationId, Seq>> by_conversation;
};

/// For json::SchemaSet.
std::string json_schema(const Positions*);

struct ResumeFrame {
    std::string epoch;
    Positions positions;

    static constexpr std::string_view schema_name = "ResumeFrame";
    static constexpr auto fields =
        std::tuple{json::Field{"epoch", &ResumeFrame::epoch, "That of the last hello."},
                   json::Field{"positions", &ResumeFrame::positions, "Of each conversation the last seq that was received."}};
};

struct AuthFrame {
    std::optional<std::string> access_token;
    std::optional<std::string> ticket;
    std::optional<ResumeFrame> resume;

    static constexpr std::string_view schema_name = "AuthFrame";
    static constexpr auto fields =
        std::tuple{json::Field{"access_token", &AuthFrame::access_token, "Either this"}, json::Field{"ticket", &AuthFrame::ticket, "or that."},
                   json::Field{"resume", &AuthFrame::resume, "Goes on where the last socket ended."}};
};

struct SendFrame {
    ConversationId conversation_id;
    std::optional<std::string> text;
    std::optional<std::string> client_id;
    std::optional<std::int64_t> reply_to_seq;
    std::optional<std::vector<FileId>> file_ids;

    static constexpr std::string_view schema_name = "SendFrame";
    static constexpr auto fields = std::tuple{json::Field{"conversation_id", &SendFrame::conversation_id, "Where."},
                                              json::Field{"text", &SendFrame::text, "At most 16 384 bytes; may be left out beside files."},
                                              json::Field{"client_id", &SendFrame::client_id, "The same one again sends nothing twice."},
                                              json::Field{"reply_to_seq", &SendFrame::reply_to_seq, "The message this answers."},
                                              json::Field{"file_ids", &SendFrame::file_ids, "Files of one's own, at most 20."}};
};

struct EditFrame {
    ConversationId conversation_id;
    std::int64_t seq = 0;
    std::string text;

    static constexpr std::string_view schema_name = "EditFrame";
    static constexpr auto fields =
        std::tuple{json::Field{"conversation_id", &EditFrame::conversation_id, "Where."}, json::Field{"seq", &EditFrame::seq, "Which message."},
                   json::Field{"text", &EditFrame::text, "The new text."}};
};

/// message.delete and read.
struct PositionFrame {
    ConversationId conversation_id;
    std::int64_t seq = 0;

    static constexpr std::string_view schema_name = "PositionFrame";
    static constexpr auto fields = std::tuple{json::Field{"conversation_id", &PositionFrame::conversation_id, "Where."},
                                              json::Field{"seq", &PositionFrame::seq, "Which message, or how far."}};
};

struct ReactionFrame {
    ConversationId conversation_id;
    std::int64_t seq = 0;
    std::string emoji;

    static constexpr std::string_view schema_name = "ReactionFrame";
    static constexpr auto fields =
        std::tuple{json::Field{"conversation_id", &ReactionFrame::conversation_id, "Where."},
                   json::Field{"seq", &ReactionFrame::seq, "Which message."}, json::Field{"emoji", &ReactionFrame::emoji, "One grapheme."}};
};

struct TypingFrame {
    ConversationId conversation_id;

    static constexpr std::string_view schema_name = "TypingFrame";
    static constexpr auto fields = std::tuple{json::Field{"conversation_id", &TypingFrame::conversation_id, "Where."}};
};

struct WatchFrame {
    std::vector<UserId> user_ids;

    static constexpr std::string_view schema_name = "WatchFrame";
    static constexpr auto fields =
        std::tuple{json::Field{"user_ids", &WatchFrame::user_ids, "Whom to tell of, at most 200; nobody else from now on.", {.max_items = 200}}};
};

/// A frame without anything but type and id.
struct EmptyFrame {
    static constexpr std::string_view schema_name = "EmptyFrame";
    static constexpr std::tuple<> fields{};
};

struct Hello {
    std::string type = "hello";
    SessionId session_id;
    UserId user_id;
    std::string epoch;
    Timestamp server_time;
    std::int64_t ping_interval_ms = 0;

    static constexpr std::string_view schema_name = "Hello";
    static constexpr auto fields = std::tuple{json::Field{"type", &Hello::type, "hello"},
                                              json::Field{"session_id", &Hello::session_id, "The session of the sign-in."},
                                              json::Field{"user_id", &Hello::user_id, "Who is signed in."},
                                              json::Field{"epoch", &Hello::epoch, "Positions of another epoch mean nothing."},
                                              json::Field{"server_time", &Hello::server_time, "Now."},
                                              json::Field{"ping_interval_ms", &Hello::ping_interval_ms, "How often the server pings."}};
};

/// Data of `ok` for message.send.
struct SentData {
    ConversationId conversation_id;
    Seq seq = 0;
    Timestamp created_at;

    static constexpr std::string_view schema_name = "SentData";
    static constexpr auto fields =
        std::tuple{json::Field{"conversation_id", &SentData::conversation_id, "Where."}, json::Field{"seq", &SentData::seq, "Its position."},
                   json::Field{"created_at", &SentData::created_at, "When it was stored."}};
};

/// Data of `ok` for a change: the seq of its event, null if nothing changed.
struct ChangedData {
    ConversationId conversation_id;
    std::optional<Seq> seq;

    static constexpr std::string_view schema_name = "ChangedData";
    static constexpr auto fields = std::tuple{json::Field{"conversation_id", &ChangedData::conversation_id, "Where."},
                                              json::Field{"seq", &ChangedData::seq, "The event's position; null if nothing changed."}};
};

struct ResumedConversation {
    ConversationId id;
    Seq last_seq = 0;

    static constexpr std::string_view schema_name = "ResumedConversation";
    static constexpr auto fields = std::tuple{json::Field{"id", &ResumedConversation::id, "The conversation."},
                                              json::Field{"last_seq", &ResumedConversation::last_seq, "Its last event."}};
};

struct ResumedData {
    std::vector<ResumedConversation> conversations;
    std::vector<ResumedConversation> truncated;

    static constexpr std::string_view schema_name = "ResumedData";
    static constexpr auto fields = std::tuple{json::Field{"conversations", &ResumedData::conversations, "Those whose missed events were all sent."},
                                              json::Field{"truncated", &ResumedData::truncated, "Those too far behind: read them by page."}};
};

/// A member has read on; not stored.
struct ReadSignal {
    ConversationId conversation_id;
    UserId user_id;
    Seq last_read_seq = 0;

    static constexpr std::string_view schema_name = "ReadSignal";
    static constexpr auto fields =
        std::tuple{json::Field{"conversation_id", &ReadSignal::conversation_id, "Where."}, json::Field{"user_id", &ReadSignal::user_id, "Who."},
                   json::Field{"last_read_seq", &ReadSignal::last_read_seq, "How far."}};
};

/// A member is typing; not stored.
struct TypingSignal {
    ConversationId conversation_id;
    UserId user_id;

    static constexpr std::string_view schema_name = "TypingSignal";
    static constexpr auto fields =
        std::tuple{json::Field{"conversation_id", &TypingSignal::conversation_id, "Where."}, json::Field{"user_id", &TypingSignal::user_id, "Who."}};
};

enum class PresenceStatus : std::uint8_t { online, away, offline };
constexpr auto names_of(PresenceStatus) { return std::array<std::string_view, 3>{"online", "away", "offline"}; }

/// How somebody looks to who shares a conversation with them; offline and never seen to everybody else. The signal `presence`, too.
struct UserPresence {
    UserId user_id;
    PresenceStatus status = PresenceStatus::offline;
    std::optional<Timestamp> last_seen_at;

    static constexpr std::string_view schema_name = "UserPresence";
    static constexpr auto fields = std::tuple{
        json::Field{"user_id", &UserPresence::user_id, "Who."},
        json::Field{"status", &UserPresence::status, "online while a socket is open and 20 s after; away without a frame but ping for 5 minutes."},
        json::Field{
            "last_seen_at", &UserPresence::last_seen_at,
            "The last moment online: now, or when the last frame came of someone away, or when the last socket closed. null if not known: not "
            "online since the server started, or no conversation in common."}};
};

/// Data of `ok` for presence.subscribe.
struct PresenceData {
    std::vector<UserPresence> users;

    static constexpr std::string_view schema_name = "PresenceData";
    static constexpr auto fields = std::tuple{json::Field{"users", &PresenceData::users, "How each looks now, in the order asked, each once."}};
};

/// How many people of a conversation are online, where a list of them would be too long.
struct ConversationPresence {
    std::int64_t online = 0;

    static constexpr std::string_view schema_name = "ConversationPresence";
    static constexpr auto fields = std::tuple{json::Field{"online", &ConversationPresence::online, "Members who have a socket open, each once."}};
};

/// The id a client gave its frame, as JSON text to be echoed: an integer, a text, or null.
struct FrameId {
    std::string json = "null";
};

/// `{"type":"ok","id":…,"data":…}`, `{"type":"pong","id":…}`, `{"type":"error","id":…,"error":{…}}`.
std::string ok_frame(const FrameId& id, std::string_view data_json);
std::string pong_frame(const FrameId& id);
std::string error_frame(const FrameId& id, const Error& error);
/// The text of a live or replayed event: the same for every receiver.
std::string event_frame(const chat::Event& event);
std::string read_signal(ConversationId conversation, UserId user, Seq last_read_seq);
std::string typing_signal(ConversationId conversation, UserId user);
std::string presence_signal(const UserPresence& presence);

/// What every frame of a client has. Error: bad_frame.
struct Envelope {
    std::string_view type;
    FrameId id;
};
Result<Envelope> read_envelope(const json::Document& document);

/// The rest of a frame. Errors: those of json/errors.hpp.
template <json::Described T>
Result<T> read_frame(const json::Document& document) {
    T frame{};
    json::Reader reader;
    reader.ignored = {"type", "id"};
    reader.read_object(document.root(), frame);
    if (reader.failed()) return fail(reader.take_error());
    return frame;
}

/// For json::Reader: an object whose members are all positions. Found by argument-dependent lookup.
void read_json(json::Reader& reader, json::Value value, Positions& out);

}  // namespace parley::realtime
