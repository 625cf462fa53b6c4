// SPDX-License-Identifier: Apache-2.0
#include "jobs/store.hpp"

namespace parley::jobs {

void enqueue(storage::Transaction& tx, std::string_view kind, std::string_view payload, Timestamp run_at,
             std::optional<std::string_view> unique_key) {
    tx.run("INSERT INTO jobs (kind, payload, unique_key, run_at_us) VALUES ($1, $2, $3, $4) ON CONFLICT (unique_key) DO UPDATE SET asked_again = 1",
           kind, payload, unique_key, run_at);
}

std::optional<Job> take_due(storage::Transaction& tx, Timestamp now, Timestamp lease_until) {
    return tx.row<Job>(
        "UPDATE jobs SET attempts = attempts + 1, asked_again = 0, lease_until_us = $2 WHERE id = ("
        "SELECT id FROM jobs WHERE run_at_us <= $1 AND failed_at_us IS NULL AND (lease_until_us IS NULL OR lease_until_us < $1) ORDER BY run_at_us "
        "LIMIT 1) "
        "RETURNING id, kind, payload, attempts",
        now, lease_until);
}

void finish(storage::Transaction& tx, std::int64_t id) {
    tx.run("DELETE FROM jobs WHERE id = $1 AND asked_again = 0", id);
    // What asked for it meanwhile may have come too late for the run that ends here.
    tx.run("UPDATE jobs SET lease_until_us = NULL, attempts = 0 WHERE id = $1", id);
}

void put_back(storage::Transaction& tx, std::int64_t id, Timestamp run_at, std::string_view error) {
    // Only failed attempts count towards giving up.
    tx.run(
        "UPDATE jobs SET run_at_us = $2, lease_until_us = NULL, last_error = $3, attempts = attempts - CASE WHEN $3 = '' THEN 1 ELSE 0 END WHERE id "
        "= $1",
        id, run_at, error);
}

void give_up(storage::Transaction& tx, std::int64_t id, Timestamp now, std::string_view error) {
    tx.run("UPDATE jobs SET failed_at_us = $2, lease_until_us = NULL, unique_key = NULL, last_error = $3 WHERE id = $1", id, now, error);
}

void release_leases(storage::Transaction& tx) { tx.run("UPDATE jobs SET lease_until_us = NULL WHERE lease_until_us IS NOT NULL"); }

std::int64_t count_waiting(storage::Connection& db) {
    return db.row<std::int64_t>("SELECT count(*) FROM jobs WHERE failed_at_us IS NULL").value_or(0);
}

bool claim_run(storage::Transaction& tx, std::string_view kind, Timestamp now, std::chrono::milliseconds interval) {
    // A clock that was set back must not stop a job for years: a last run in the future counts as none.
    return tx
        .row<std::int64_t>(
            "INSERT INTO job_schedule (kind, last_run_us) VALUES ($1, $2) "
            "ON CONFLICT (kind) DO UPDATE SET last_run_us = $2 WHERE job_schedule.last_run_us <= $3 OR job_schedule.last_run_us > $2 RETURNING 1",
            kind, now, now - interval)
        .has_value();
}

}  // namespace parley::jobs
