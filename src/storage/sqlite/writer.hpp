// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "core/histogram.hpp"
#include "storage/database.hpp"
#include "storage/sqlite/connection.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace parley::storage::sqlite {

/// The one thread that changes the database. It takes what has queued, runs each job under a savepoint, commits all of them with one fsync, and
/// answers; between commits it moves companions' memory into the file and checkpoints. No other connection writes or checkpoints.
class Writer {
public:
    using OnTrouble = std::function<void(std::string_view)>;

    Writer(std::unique_ptr<SqliteConnection> connection, const Clock& clock, OnTrouble on_trouble);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    bool enqueue(WriteJob& job);
    void add_listener(CommitListener& listener);
    void add_companion(Companion& companion);

    bool healthy() const noexcept { return healthy_.load(std::memory_order_relaxed); }
    /// Companions' drops so far: what a snapshot that begins now is stamped with.
    std::uint64_t revision() const noexcept { return revision_.load(std::memory_order_acquire); }
    Statistics statistics() const;
    void stop();

private:
    /// More wait than a second's worth of commits on a slow disk: answer `overloaded` instead.
    static constexpr std::size_t queue_limit = 16'384;
    /// The largest batch; beyond it the gain is small and the wait of its first job long.
    static constexpr std::size_t batch_limit = 2048;
    /// 16 MiB of log: a checkpoint then holds the writer for some tens of milliseconds at most.
    static constexpr int checkpoint_pages = 1024;
    /// Quiet for this long: time to place what waits and to checkpoint.
    static constexpr std::chrono::milliseconds idle_after{300};
    /// Removed text may stay in the log this long; the contract says 10 s.
    static constexpr std::chrono::seconds scrub_after{3};

    /// How long a look at the free space of the disk holds.
    static constexpr std::chrono::milliseconds room_interval{500};

    void loop();
    std::vector<WriteJob*> take_batch();
    void take_in_the_new();
    void look_for_room();
    void run_batch(const std::vector<WriteJob*>& jobs);
    /// Runs jobs until the first that SQLite answers by ending the whole transaction; returns how many were run.
    std::size_t run_jobs(const std::vector<WriteJob*>& jobs);
    void run_job(WriteJob& job);
    void end_savepoint(bool keep);
    void give_up();
    void commit(const std::vector<WriteJob*>& jobs);
    void settle(const std::vector<WriteJob*>& jobs);
    void abandon(const std::vector<WriteJob*>& jobs, const std::exception& reason);
    void after_batch();
    void when_idle();
    void checkpoint(SqliteConnection::Checkpoint mode);
    bool companions_pending() const;
    static Error error_of(const std::exception& reason);
    static void answer(const std::vector<WriteJob*>& jobs, Postbag& bag);

    const std::unique_ptr<SqliteConnection> connection_;
    const Clock& clock_;
    const OnTrouble on_trouble_;
    const std::filesystem::path folder_;
    BatchTransaction batch_;
    std::vector<CommitListener*> listeners_;  // these and the companions: the thread's own
    std::vector<Companion*> companions_;
    bool idle_ = false;         // nothing came for a while
    bool gave_up_ = false;      // the transaction in progress was ended by us
    bool unsaved_log_ = false;  // the write-ahead log holds pages that are not in the file yet
    bool out_of_room_ = false;  // the last commit found the disk full
    std::optional<Moment> scrub_due_;
    Moment look_for_room_at_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<WriteJob*> queue_;
    std::vector<CommitListener*> new_listeners_;  // which the thread takes in with the next jobs
    std::vector<Companion*> new_companions_;
    bool stopping_ = false;
    std::atomic<bool> healthy_ = true;
    std::atomic<std::uint64_t> revision_ = 0;
    std::atomic<std::uint64_t> commits_ = 0, jobs_ = 0, failed_commits_ = 0, checkpoints_ = 0, wal_pages_ = 0, busy_micros_ = 0;
    Histogram commit_micros_, batch_jobs_;
    std::thread thread_;
};

}  // namespace parley::storage::sqlite
