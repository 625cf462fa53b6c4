// SPDX-License-Identifier: Apache-2.0
#include "chat/log_reader.hpp"

#include <algorithm>

/// Finding messages by their number from the end, for pages that are numbered. What has to be counted are deletions, never messages: the ordinals of
/// a conversation's messages are dense, so all but the deleted ones follow from the head.
namespace parley::chat {
namespace {

constexpr std::int64_t deletions_per_read = 500;

/// Walks down a conversation's ordinals past the deleted ones.
class LivingOrdinals {
public:
    LivingOrdinals(std::int64_t newest, std::int64_t skip, std::int64_t limit) : next_(newest), skip_(skip), limit_(limit) {}

    bool complete() const { return std::ssize(found_) == limit_ || next_ == 0; }
    std::int64_t next() const { return next_; }
    /// Everything above `ordinal`, and not above what was passed before, lives.
    void alive_above(std::int64_t ordinal) {
        const auto skipped = std::min(skip_, next_ - ordinal);
        skip_ -= skipped;
        next_ -= skipped;
        while (next_ > ordinal && std::ssize(found_) < limit_) found_.push_back(next_--);
    }
    void deleted(std::int64_t ordinal) {
        alive_above(ordinal);
        if (next_ == ordinal) --next_;
    }
    const std::vector<std::int64_t>& found() const { return found_; }

private:
    std::int64_t next_, skip_;
    const std::int64_t limit_;
    std::vector<std::int64_t> found_;
};

std::vector<std::int64_t> living_ordinals(storage::Connection& db, ConversationId conversation, LivingOrdinals walk) {
    while (!walk.complete()) {
        const auto deleted = db.rows<std::int64_t>(
            "SELECT ordinal FROM log WHERE conversation_id = $1 AND ordinal <= $2 AND deleted_at_us IS NOT NULL ORDER BY ordinal DESC LIMIT $3",
            conversation, walk.next(), deletions_per_read);
        for (const auto ordinal : deleted) {
            walk.deleted(ordinal);
            if (walk.complete()) break;
        }
        if (std::ssize(deleted) < deletions_per_read) walk.alive_above(0);
    }
    return walk.found();
}

}  // namespace

Seq LogReader::seq_of_message(ConversationId conversation, std::int64_t ordinal, const Head& head) const {
    // At least `ordinal` events end with it, and every later message is an event behind it.
    Seq low = ordinal, high = head.seq - (head.ordinal - ordinal);
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        if (ordinal_at(conversation, middle) < ordinal) low = middle + 1;
        else high = middle;
    }
    return low;
}

std::vector<LogRow> LogReader::living_from_newest(ConversationId conversation, const Head& head, std::int64_t skip, std::int64_t limit) const {
    const auto ordinals = living_ordinals(db_, conversation, {head.ordinal, skip, limit});
    std::vector<LogRow> rows;
    for (auto at = ordinals.begin(); at != ordinals.end();) {
        // Neighbours are read together.
        const auto end = std::adjacent_find(at, ordinals.end(), [](auto newer, auto older) { return newer != older + 1; });
        const auto next = end == ordinals.end() ? end : end + 1;
        const auto newest = seq_of_message(conversation, *at, head);
        auto run = messages(conversation, 0, newest + 1, next - at, From::newest);
        for (auto row = run.rbegin(); row != run.rend(); ++row) rows.push_back(std::move(*row));
        at = next;
    }
    return rows;
}

}  // namespace parley::chat
