// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "core/task.hpp"
#include "core/task_group.hpp"
#include "jobs/left.hpp"
#include "jobs/store.hpp"
#include "logging/logger.hpp"
#include "net/shard.hpp"
#include "storage/database.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace parley::jobs {

using Run = std::function<Task<Result<Left>>(const std::string& payload)>;

struct Counters {
    std::atomic<std::uint64_t> done = 0, failed = 0, given_up = 0;
};

/// Does the jobs in the database: queued ones, each by a lease that another worker takes over if this one dies; and recurring ones, each at its
/// interval, once for all servers of a database. A job that fails is tried again later and later, and given up after many tries, to be seen.
class Worker {
public:
    Worker(net::Shard& shard, storage::Database& db, const Clock& clock, logging::Logger& logger);

    /// Before `start`. A queued job of a kind nobody handles stays.
    void handle(std::string kind, Run run);
    /// Runs at `start` if it is due, and then each time the interval has passed since it ran last.
    void every(std::string kind, std::chrono::milliseconds interval, Run run);

    /// From any thread.
    void start();
    /// Asks the worker to end after the run it is at. From any thread.
    void request_stop();
    /// Runs a recurring job soon, without waiting for its interval. From any thread.
    void hurry(std::string_view kind);
    bool idle() const noexcept { return running_ == 0; }

    const Counters& counters() const noexcept { return counters_; }

private:
    struct Recurring {
        std::string kind;
        std::chrono::milliseconds interval;
        Run run;
        std::atomic<bool> hurried = false;
    };

    Task<void> work();
    Task<bool> run_due_queued();
    Task<bool> run_due_recurring();
    Task<Result<bool>> claim(const Recurring& recurring);
    Task<void> run_queued(Job job);
    Task<Result<Left>> guarded(const std::string& kind, const Run& run, const std::string& payload);

    net::Shard& shard_;
    storage::Database& db_;
    const Clock& clock_;
    logging::Logger& logger_;
    TaskGroup tasks_;
    std::map<std::string, Run, std::less<>> handlers_;
    std::vector<std::unique_ptr<Recurring>> recurring_;
    Counters counters_;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> running_ = 0;
};

}  // namespace parley::jobs
