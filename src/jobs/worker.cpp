// SPDX-License-Identifier: Apache-2.0
#include "jobs/worker.hpp"

#include "core/errors.hpp"

#include <algorithm>

namespace parley::jobs {
namespace {

/// How often the worker looks for jobs that are due.
constexpr std::chrono::milliseconds look_interval{500};
/// A job that runs longer than this is taken for dead, and begun by another worker.
constexpr std::chrono::minutes lease{5};
constexpr std::int64_t most_attempts = 12;
/// Slices of one recurring job in a row, before others get their turn.
constexpr int most_slices = 100;

/// 1 s, 2 s, 4 s, … up to an hour.
std::chrono::seconds backoff(std::int64_t attempts) {
    return std::chrono::seconds{std::min<std::int64_t>(std::int64_t{1} << std::min<std::int64_t>(attempts - 1, 12), 3600)};
}

}  // namespace

Worker::Worker(net::Shard& shard, storage::Database& db, const Clock& clock, logging::Logger& logger)
    : shard_(shard),
      db_(db),
      clock_(clock),
      logger_(logger),
      tasks_("jobs", [&logger](const std::string&, const std::exception_ptr&) { logger.error("the job worker ended"); }) {}

void Worker::handle(std::string kind, Run run) { handlers_.emplace(std::move(kind), std::move(run)); }

void Worker::every(std::string kind, std::chrono::milliseconds interval, Run run) {
    auto recurring = std::make_unique<Recurring>();
    recurring->kind = std::move(kind);
    recurring->interval = interval;
    recurring->run = std::move(run);
    recurring_.push_back(std::move(recurring));
}

void Worker::start() {
    ++running_;
    shard_.run_soon([this] { tasks_.spawn(work()); });
}

void Worker::request_stop() { stopping_ = true; }

void Worker::hurry(std::string_view kind) {
    for (auto& recurring : recurring_) {
        if (recurring->kind == kind) recurring->hurried = true;
    }
}

Task<void> Worker::work() {
    while (!stopping_) {
        const bool queued = co_await run_due_queued();
        const bool recurring = co_await run_due_recurring();
        if (!queued && !recurring && !stopping_) co_await shard_.sleep(look_interval);
    }
    --running_;
}

/// Runs a job; what it lets escape is an error like any other.
Task<Result<Left>> Worker::guarded(const std::string& kind, const Run& run, const std::string& payload) {
    std::string what;
    try {
        co_return co_await run(payload);
    } catch (const std::exception& exception) {
        what = exception.what();
    }
    logger_.error("a job failed", {{"job", kind}, {"what", what}});
    co_return fail(parley::errors::internal, what);
}

Task<bool> Worker::run_due_queued() {
    // Looking is a read: an idle server writes nothing.
    const auto due = co_await db_.read([&](storage::Connection& db) -> Result<bool> {
        return db
            .row<std::int64_t>(
                "SELECT 1 FROM jobs WHERE run_at_us <= $1 AND failed_at_us IS NULL AND (lease_until_us IS NULL OR lease_until_us < $1) LIMIT 1",
                clock_.now())
            .has_value();
    });
    if (!due || !*due) co_return false;
    auto job =
        co_await db_.write([&](storage::Transaction& tx) -> Result<std::optional<Job>> { return take_due(tx, clock_.now(), clock_.now() + lease); });
    if (!job || !*job) co_return false;
    co_await run_queued(**std::move(job));
    co_return true;
}

Task<void> Worker::run_queued(Job job) {
    const auto handler = handlers_.find(job.kind);
    if (handler == handlers_.end()) {
        // Perhaps a newer server knows it.
        std::ignore = co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
            return put_back(tx, job.id, clock_.now() + backoff(job.attempts), "unknown kind"), Result<void>{};
        });
        co_return;
    }
    const auto outcome = co_await guarded(job.kind, handler->second, job.payload);
    if (outcome) ++counters_.done;
    else ++counters_.failed;
    std::ignore = co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
        const auto now = clock_.now();
        if (outcome && *outcome == Left::nothing) finish(tx, job.id);
        else if (outcome) put_back(tx, job.id, *outcome == Left::later ? now + std::chrono::seconds{1} : now, "");
        else if (job.attempts >= most_attempts) give_up(tx, job.id, now, outcome.error().detail());
        else put_back(tx, job.id, now + backoff(job.attempts), outcome.error().detail());
        return {};
    });
    if (!outcome && job.attempts >= most_attempts) {
        ++counters_.given_up;
        logger_.error("a job was given up", {{"job", job.kind}, {"id", job.id}, {"error", outcome.error().detail()}});
    }
}

Task<Result<bool>> Worker::claim(const Recurring& recurring) {
    const auto due = co_await db_.read([&](storage::Connection& db) -> Result<bool> {
        const auto last = db.row<Timestamp>("SELECT last_run_us FROM job_schedule WHERE kind = $1", recurring.kind);
        const auto now = clock_.now();
        return !last || *last + recurring.interval <= now || *last > now;
    });
    if (!due || !*due) co_return false;
    co_return co_await db_.write(
        [&](storage::Transaction& tx) -> Result<bool> { return claim_run(tx, recurring.kind, clock_.now(), recurring.interval); });
}

Task<bool> Worker::run_due_recurring() {
    bool any = false;
    for (auto& recurring : recurring_) {
        if (stopping_) break;
        const bool hurried = recurring->hurried.exchange(false);
        if (!hurried) {
            const auto claimed = co_await claim(*recurring);
            if (!claimed || !*claimed) continue;
        }
        any = true;
        for (int slice = 0; slice < most_slices && !stopping_; ++slice) {
            const auto more = co_await guarded(recurring->kind, recurring->run, "");
            if (more) ++counters_.done;
            else ++counters_.failed;
            if (!more) logger_.warning("a recurring job failed", {{"job", recurring->kind}, {"error", more.error().detail()}});
            if (!more || *more != Left::more) break;
            if (slice + 1 == most_slices) recurring->hurried = true;
        }
    }
    co_return any;
}

}  // namespace parley::jobs
