// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log_index.hpp"
#include "chat/log_reader.hpp"
#include "chat/log_row.hpp"
#include "chat/log_tail.hpp"
#include "storage/database.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::chat {

/// An event before it has its place. Which members an event uses: migrations/0005_create_log.sqlite.sql.
struct NewEvent {
    ConversationId conversation;
    EventKind kind = EventKind::message_created;
    Timestamp at;
    std::optional<UserId> actor;
    std::optional<Seq> target_seq;
    std::optional<std::int64_t> subject;
    std::optional<std::string_view> text;
    std::optional<std::string_view> client_id;
    std::optional<std::string_view> mentions;
    std::int64_t flags = 0;
};

/// The logs of all conversations: appended to one table in commit order, which is the truth, and found by position through an index that follows
/// behind (LogIndex). Between the two stands the tail in memory; a reader sees log, index and tail as one (docs/ARCHITECTURE.md, "The log").
class Log {
public:
    /// Reads the tail that the index did not hold when the server last ended. `db` has to be stopped before this object goes.
    explicit Log(storage::Database& db, LogIndex::Pace pace = {});
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// The log as this snapshot, or this transaction, sees it.
    LogReader on(storage::Connection& db) const { return {db, tail_}; }

    struct Appended {
        std::int64_t log_id = 0;
        Seq seq = 0;
        std::int64_t ordinal = 0;
    };
    /// Gives the event the next seq of its conversation, which the caller has found to be there.
    Appended append(storage::Transaction& tx, const NewEvent& event);

    /// The log id the next event will get: a moment in the order of commits. Only in a transaction.
    std::int64_t next_id() const noexcept { return next_id_; }
    /// Events the index does not hold yet; from any thread.
    std::size_t unplaced() const noexcept { return tail_.size(); }

private:
    void load_tail(storage::Transaction& tx);

    LogTail tail_;
    LogIndex index_;
    std::int64_t next_id_ = 1;
};

}  // namespace parley::chat
