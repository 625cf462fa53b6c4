// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "storage/transaction.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::jobs {

struct Job {
    std::int64_t id = 0;
    std::string kind;
    std::string payload;
    std::int64_t attempts = 0;  // begun so far, this one included
};

/// Adds a job to be run at `run_at`, inside the transaction of what makes it necessary. With a `unique_key`, one that waits already is enough;
/// one that runs already is run once more.
void enqueue(storage::Transaction& tx, std::string_view kind, std::string_view payload, Timestamp run_at,
             std::optional<std::string_view> unique_key = std::nullopt);

/// Takes the next job that is due, until `lease_until`; one whose lease ran out is due again.
std::optional<Job> take_due(storage::Transaction& tx, Timestamp now, Timestamp lease_until);
void finish(storage::Transaction& tx, std::int64_t id);
/// Puts a job back, to be run at `run_at`.
void put_back(storage::Transaction& tx, std::int64_t id, Timestamp run_at, std::string_view error);
void give_up(storage::Transaction& tx, std::int64_t id, Timestamp now, std::string_view error);
/// Makes what a server had taken and did not end due again, without waiting for the lease; only where no other server can be at it.
void release_leases(storage::Transaction& tx);
std::int64_t count_waiting(storage::Connection& db);

/// Claims the run of a recurring job, if `interval` has passed since the last one; false if not, or if another server has it.
bool claim_run(storage::Transaction& tx, std::string_view kind, Timestamp now, std::chrono::milliseconds interval);

}  // namespace parley::jobs
