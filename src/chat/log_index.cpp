// SPDX-License-Identifier: Apache-2.0
#include "chat/log_index.hpp"

#include <algorithm>
#include <unordered_map>

namespace parley::chat {

void LogIndex::before_commit(storage::Transaction& tx, std::size_t jobs) {
    if (run_.empty() && (tail_.size() >= pace_.run_entries || (jobs == 0 && tail_.size() > 0))) begin_run();
    if (run_.empty()) return;
    // Twice as many as come in, so that a run is placed before the next one is full.
    place_slice(tx, jobs == 0 ? pace_.idle_slice : std::max(pace_.least_slice, 2 * jobs));
}

void LogIndex::begin_run() {
    run_ = tail_.sorted();
    block_ = entry_ = 0;
    run_end_ = 0;
    for (const auto& block : run_) run_end_ = std::max(run_end_, block.entries.back().log_id);
}

void LogIndex::place_slice(storage::Transaction& tx, std::size_t entries) {
    while (entries > 0 && block_ < run_.size()) {
        const auto& block = run_[block_];
        const auto placed = place_some(tx, block, entries);
        entries -= placed;
        entry_ += placed;
        if (entry_ < block.entries.size()) continue;
        place_totals(tx, block);
        place_marks(tx, block);
        ++block_;
        entry_ = 0;
    }
    if (block_ < run_.size()) return;
    tx.run("UPDATE meta SET value = $1 WHERE name = 'indexed_up_to'", std::to_string(run_end_));
    run_placed_ = true;
}

std::size_t LogIndex::place_some(storage::Transaction& tx, const LogTail::Block& block, std::size_t most) {
    const auto end = std::min(block.entries.size(), entry_ + most);
    for (auto i = entry_; i < end; ++i) {
        const auto& entry = block.entries[i];
        // A run that a crash cut short is placed again.
        tx.run("INSERT INTO by_position (conversation_id, is_message, seq, log_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
               block.conversation, entry.is_message, entry.seq, entry.log_id);
    }
    return end - entry_;
}

void LogIndex::place_totals(storage::Transaction& tx, const LogTail::Block& block) {
    const auto& last = block.entries.back();
    tx.run("UPDATE conversations SET last_seq = $2, last_ordinal = $3, last_log_id = $4, last_at_us = $5 WHERE id = $1", block.conversation, last.seq,
           last.ordinal, last.log_id, last.at);
    const auto message = std::find_if(block.entries.rbegin(), block.entries.rend(), [](const TailEntry& entry) { return entry.is_message; });
    if (message != block.entries.rend()) tx.run("UPDATE conversations SET last_message_id = $2 WHERE id = $1", block.conversation, message->log_id);
}

void LogIndex::place_marks(storage::Transaction& tx, const LogTail::Block& block) {
    std::unordered_map<UserId, const TailEntry*> last_of;
    for (const auto& entry : block.entries) {
        if (entry.is_message) last_of[entry.sender] = &entry;
    }
    for (const auto& [user, entry] : last_of) {
        tx.run("UPDATE members SET last_read_seq = $3, last_read_ordinal = $4 WHERE conversation_id = $1 AND user_id = $2 AND last_read_seq < $3",
               block.conversation, user, entry->seq, entry->ordinal);
    }
}

bool LogIndex::after_commit() {
    if (!run_placed_) return false;
    run_placed_ = false;
    run_.clear();
    return true;
}

void LogIndex::drop_placed(std::uint64_t revision) { tail_.drop_up_to(run_end_, revision); }

void LogIndex::commit_failed() {
    run_.clear();  // some of its entries may be gone; what is placed of it is placed again
    run_placed_ = false;
}

}  // namespace parley::chat
