// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log_tail.hpp"
#include "storage/database.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace parley::chat {

/// Moves the tail into `by_position`, behind the commits: a sorted run at a time, in slices that ride along with the writer's batches, at once when
/// the writer is idle. Sorted, because entries of one conversation then dirty the same pages; in slices, so that no commit waits long. With its
/// events a conversation gets its last_* and its members the marks their own messages moved. Stopped anywhere, it begins again at `indexed_up_to`.
class LogIndex final : public storage::Companion {
public:
    struct Pace {
        /// A run begins when this many entries wait: below, the index dirties more pages an event; above, a start reads a longer tail.
        std::size_t run_entries = 32'768;
        /// Entries placed with one commit: when the writer is idle, and at least with a busy one.
        std::size_t idle_slice = 4096, least_slice = 256;
    };
    LogIndex(LogTail& tail, Pace pace) : tail_(tail), pace_(pace) {}

    void before_commit(storage::Transaction& tx, std::size_t jobs) override;
    bool after_commit() override;
    void drop_placed(std::uint64_t revision) override;
    void commit_failed() override;
    bool pending() const override { return tail_.size() > 0; }

private:
    void begin_run();
    void place_slice(storage::Transaction& tx, std::size_t entries);
    std::size_t place_some(storage::Transaction& tx, const LogTail::Block& block, std::size_t most);
    static void place_totals(storage::Transaction& tx, const LogTail::Block& block);
    static void place_marks(storage::Transaction& tx, const LogTail::Block& block);

    LogTail& tail_;
    const Pace pace_;
    std::vector<LogTail::Block> run_;
    std::size_t block_ = 0, entry_ = 0;  // what of the run is placed
    std::int64_t run_end_ = 0;           // the last log id of the run
    bool run_placed_ = false;            // with the commit in progress
};

}  // namespace parley::chat
