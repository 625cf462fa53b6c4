// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log_row.hpp"
#include "chat/log_tail.hpp"
#include "storage/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::chat {

/// How far a conversation's log has come.
struct Head {
    Seq seq = 0;
    std::int64_t ordinal = 0;  // messages so far, deleted ones included
    Timestamp at;
};

/// How far a member has read.
struct Mark {
    Seq seq = 0;
    std::int64_t ordinal = 0;
};

/// The log as one snapshot sees it: what the index holds and what still stands in the tail, as one. Lives no longer than the read or write it serves.
class LogReader {
public:
    LogReader(storage::Connection& db, const LogTail& tail);

    /// One event; nothing beyond the end.
    std::optional<LogRow> find(ConversationId conversation, Seq seq) const;
    /// The event with this log id; nothing if its conversation was erased.
    std::optional<LogRow> find_by_id(std::int64_t log_id) const;
    /// The event if it is a message, a deleted one included.
    std::optional<LogRow> find_message(ConversationId conversation, Seq seq) const;
    /// The seq of what `sender` sent to the conversation under `client_id`.
    std::optional<Seq> find_by_client_id(ConversationId conversation, UserId sender, std::string_view client_id) const;
    /// Events after `after`, in order, without gaps.
    std::vector<LogRow> events(ConversationId conversation, Seq after, std::int64_t limit) const;
    /// All events after `after`, in order.
    std::vector<EventOutline> outlines(ConversationId conversation, Seq after) const;
    enum class From : std::uint8_t { oldest, newest };
    /// Messages with a seq in (after, before), in order: the first `limit` of them, or the last.
    std::vector<LogRow> messages(ConversationId conversation, Seq after, Seq before, std::int64_t limit, From from) const;
    std::optional<LogRow> last_message(ConversationId conversation) const;

    Head head(ConversationId conversation) const;
    /// The messages of a conversation up to and including `seq`.
    std::int64_t ordinal_at(ConversationId conversation, Seq seq) const;
    /// The mark of a member whose row says `stored`: their own last message, if that is further.
    Mark mark(ConversationId conversation, UserId user, Mark stored) const;
    /// Messages of others, not deleted, above the mark.
    std::int64_t unread(ConversationId conversation, const Head& head, const Mark& mark) const;

    /// The seq of the message with this ordinal, which is at least 1 and at most the head's: some look-ups, however far back it lies.
    Seq seq_of_message(ConversationId conversation, std::int64_t ordinal, const Head& head) const;
    /// Messages that are not deleted, newest first: `limit` of them after the newest `skip`. What it costs grows with the deletions among those it
    /// passes, an index entry each, and not with the messages.
    std::vector<LogRow> living_from_newest(ConversationId conversation, const Head& head, std::int64_t skip, std::int64_t limit) const;

    /// The id of the last event of all conversations: a moment in the order of commits.
    std::int64_t last_id() const { return view_.last_log_id; }
    /// Whether some event had this log id, or a later one. Where the newest ones were erased, `last_id` does not know it.
    bool has_passed(std::int64_t log_id) const;
    /// The log id of a conversation's last event.
    std::int64_t last_id_of(ConversationId conversation) const;
    /// The log id of a conversation's last unplaced event, 0 if all are placed.
    std::int64_t last_unplaced_id(ConversationId conversation) const { return tail_.last_log_id(view_, conversation); }

private:
    template <class Row>
    std::vector<Row> rows_of(const std::vector<TailEntry>& entries, const std::string& sql) const;
    std::vector<LogRow> rows_of(const std::vector<TailEntry>& entries) const;

    storage::Connection& db_;
    const LogTail& tail_;
    LogTail::View view_;
};

}  // namespace parley::chat
