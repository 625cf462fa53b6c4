// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/time.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace parley::chat {

/// Where an event stands, as long as the index does not hold it.
struct TailEntry {
    Seq seq = 0;
    std::int64_t log_id = 0;
    std::int64_t ordinal = 0;  // messages of the conversation up to here
    Timestamp at;
    UserId sender;  // of a message; 0 for other events
    bool is_message = false;
};

/// The events of every conversation that are in the log and not in its index yet. The writer adds and drops; readers on other threads copy out what
/// they need. A reader's view ends at the last log id of its snapshot, so that it never sees more here than in the database.
class LogTail {
public:
    static constexpr std::int64_t everything = std::numeric_limits<std::int64_t>::max();

    void add(ConversationId conversation, const TailEntry& entry);
    /// Takes back the last entry of a conversation: its job was undone.
    void remove_last(ConversationId conversation);
    /// Forgets entries up to `log_id`, which the index holds now. `revision`: readers of older snapshots must be run again.
    void drop_up_to(std::int64_t log_id, std::uint64_t revision);

    /// Throws storage::SnapshotMoved if something was dropped since a snapshot of `revision` began. The functions below do too.
    struct View {
        std::uint64_t revision = 0;
        std::int64_t last_log_id = everything;
    };
    /// The entries with a seq in (after, before), messages only or all, in order; at most `limit` of them: the last ones if `newest`, else the first.
    std::vector<TailEntry> range(const View& view, ConversationId conversation, Seq after, Seq before, bool messages_only, std::size_t limit,
                                 bool newest) const;
    std::optional<TailEntry> last(const View& view, ConversationId conversation) const;
    std::optional<TailEntry> last_message(const View& view, ConversationId conversation) const;
    /// The last message of `user`: up to there they have read, because sending moves one's own mark.
    std::optional<TailEntry> last_message_of(const View& view, ConversationId conversation, UserId user) const;
    /// The log id of the last entry, 0 if there is none: what a conversation's stored last_log_id lags behind.
    std::int64_t last_log_id(const View& view, ConversationId conversation) const;

    std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

    struct Block {
        ConversationId conversation;
        std::vector<TailEntry> entries;
    };
    /// Everything, by conversation in ascending order: a run for the index. Writer's thread only.
    std::vector<Block> sorted() const;

private:
    using Entries = std::vector<TailEntry>;
    const Entries* find(const View& view, ConversationId conversation) const;

    mutable std::shared_mutex mutex_;
    std::unordered_map<ConversationId, Entries> tails_;
    std::atomic<std::size_t> size_ = 0;
    std::uint64_t dropped_at_revision_ = 0;
};

}  // namespace parley::chat
