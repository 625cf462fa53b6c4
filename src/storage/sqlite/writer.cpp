// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/writer.hpp"

#include "core/disk_room.hpp"
#include "core/errors.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <algorithm>
#include <iterator>

namespace parley::storage::sqlite {

Writer::Writer(std::unique_ptr<SqliteConnection> connection, const Clock& clock, OnTrouble on_trouble)
    : connection_(std::move(connection)),
      clock_(clock),
      on_trouble_(std::move(on_trouble)),
      folder_(std::filesystem::path{connection_->path()}.parent_path()),
      batch_(*connection_),
      thread_([this] { loop(); }) {}

Writer::~Writer() { stop(); }

bool Writer::enqueue(WriteJob& job) {
    const std::scoped_lock lock{mutex_};
    const ErrorKind* refusal = nullptr;
    if (stopping_) refusal = &errors::stopping;
    else if (!healthy()) refusal = &errors::failed;
    else if (queue_.size() >= queue_limit) refusal = &parley::errors::overloaded;
    if (refusal != nullptr) {
        job.reject(*refusal);
        return false;
    }
    queue_.push_back(&job);
    if (queue_.size() == 1) wake_.notify_one();
    return true;
}

void Writer::add_listener(CommitListener& listener) {
    const std::scoped_lock lock{mutex_};
    new_listeners_.push_back(&listener);
}

void Writer::add_companion(Companion& companion) {
    const std::scoped_lock lock{mutex_};
    new_companions_.push_back(&companion);
}

/// Called with the lock held, so whoever was added before a job was queued is there when it runs.
void Writer::take_in_the_new() {
    listeners_.insert(listeners_.end(), new_listeners_.begin(), new_listeners_.end());
    companions_.insert(companions_.end(), new_companions_.begin(), new_companions_.end());
    new_listeners_.clear();
    new_companions_.clear();
}

void Writer::stop() {
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Writer::loop() {
    ::pthread_setname_np(::pthread_self(), "db-writer");
    for (;;) {
        const auto jobs = take_batch();
        if (!jobs.empty()) {
            const auto start = clock_.steady();
            run_batch(jobs);
            after_batch();
            busy_micros_ += static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady() - start).count());
        } else {
            when_idle();
            const std::scoped_lock lock{mutex_};
            const bool can_tidy = healthy() && !out_of_room_;
            if (stopping_ && queue_.empty() && !(can_tidy && (companions_pending() || unsaved_log_))) return;
        }
    }
}

/// The next jobs in order; none when nothing came for a while, or the writer is to stop.
std::vector<WriteJob*> Writer::take_batch() {
    const bool something_to_tidy = healthy() && (companions_pending() || unsaved_log_ || scrub_due_);
    std::unique_lock lock{mutex_};
    const auto ready = [this] { return !queue_.empty() || stopping_; };
    const bool go_on =
        idle_ && something_to_tidy && !out_of_room_ && companions_pending();  // in the middle of placing: look for jobs, but do not wait
    if (something_to_tidy && !go_on) wake_.wait_for(lock, idle_after, ready);
    if (!something_to_tidy) wake_.wait(lock, ready);
    idle_ = queue_.empty();
    take_in_the_new();
    std::vector<WriteJob*> jobs;
    if (queue_.size() <= batch_limit) return std::exchange(queue_, {});
    const auto end = queue_.begin() + batch_limit;
    jobs.assign(queue_.begin(), end);
    queue_.erase(queue_.begin(), end);
    return jobs;
}

void Writer::run_batch(const std::vector<WriteJob*>& jobs) {
    look_for_room();
    try {
        connection_->run("BEGIN IMMEDIATE");
        const auto count = run_jobs(jobs);
        if (count == jobs.size()) return commit(jobs);
        // The transaction ended in the middle: what ran before is undone with it, what comes after starts anew.
        const auto middle = jobs.begin() + static_cast<std::ptrdiff_t>(count);
        if (std::exchange(gave_up_, false)) abandon({jobs.begin(), middle}, DatabaseError{"a job failed half-way"});
        else abandon({jobs.begin(), middle}, DiskFull{"the transaction was ended by the database"});
        if (middle != jobs.end()) run_batch({middle, jobs.end()});
    } catch (const std::exception& trouble) {
        abandon(jobs, trouble);
    }
}

void Writer::look_for_room() {
    const auto now = clock_.steady();
    if (now < look_for_room_at_) return;
    look_for_room_at_ = now + room_interval;
    batch_.set_room(disk_has_room(folder_));
}

std::size_t Writer::run_jobs(const std::vector<WriteJob*>& jobs) {
    std::size_t count = 0;
    for (auto* job : jobs) {
        run_job(*job);
        ++count;
        if (connection_->in_autocommit()) return count;
    }
    for (auto* companion : companions_) companion->before_commit(batch_.transaction(), jobs.size());
    return connection_->in_autocommit() ? 0 : count;
}

void Writer::run_job(WriteJob& job) {
    const auto mark = batch_.mark();
    const auto changes_before = connection_->total_changes();
    if (job.needs_savepoint()) connection_->run("SAVEPOINT job");
    try {
        job.execute(batch_.transaction());
    } catch (const std::exception& trouble) {
        auto error = error_of(trouble);
        if (!error.is(errors::full)) on_trouble_(fmt::format("a write was undone: {}", trouble.what()));
        job.reject(std::move(error));
    }
    if (!job.succeeded()) batch_.undo_to(mark);
    if (job.needs_savepoint()) end_savepoint(job.succeeded());
    else if (!job.succeeded() && connection_->total_changes() != changes_before) give_up();
}

void Writer::end_savepoint(bool keep) {
    if (connection_->in_autocommit()) return;  // SQLite has ended the whole transaction
    if (!keep) connection_->run("ROLLBACK TO job");
    connection_->run("RELEASE job");
}

/// A job without a savepoint has changed something and failed: the transaction cannot be kept.
void Writer::give_up() {
    if (connection_->in_autocommit()) return;
    connection_->run("ROLLBACK");
    gave_up_ = true;
}

void Writer::commit(const std::vector<WriteJob*>& jobs) {
    const auto changes_before = connection_->wal_pages();
    const auto begin = clock_.steady();
    try {
        connection_->run("COMMIT");
        commit_micros_.add(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady() - begin).count()));
        batch_jobs_.add(jobs.size());
    } catch (const DiskFull&) {
        throw;
    } catch (const std::exception& trouble) {
        // After a failed write or fsync nobody knows what is on the disk (fsyncgate): take no more changes. A restart recovers what was acknowledged.
        healthy_ = false;
        on_trouble_(fmt::format("the commit failed, the server takes no changes any more: {}", trouble.what()));
        throw;
    }
    if (connection_->wal_pages() != changes_before) unsaved_log_ = true;
    settle(jobs);
}

void Writer::settle(const std::vector<WriteJob*>& jobs) {
    ++commits_;
    if (std::exchange(out_of_room_, false)) on_trouble_("the disk has room again");
    jobs_ += jobs.size();
    wal_pages_ = static_cast<std::uint64_t>(connection_->wal_pages());
    if (batch_.scrub_asked() && !scrub_due_) scrub_due_ = clock_.steady() + scrub_after;
    const auto announcements = batch_.take_announcements();
    batch_.settle();
    Postbag bag;
    answer(jobs, bag);
    if (!announcements.empty()) {
        for (auto* listener : listeners_) listener->committed(announcements, bag);
    }
    for (auto* companion : companions_) {
        if (companion->after_commit()) companion->drop_placed(revision_.fetch_add(1, std::memory_order_release) + 1);
    }
    bag.deliver();
}

/// Undoes the whole batch, in the file and in memory, and tells every job that had succeeded so far, or was not even begun.
void Writer::abandon(const std::vector<WriteJob*>& jobs, const std::exception& reason) {
    ++failed_commits_;
    const bool full = dynamic_cast<const DiskFull*>(&reason) != nullptr;
    if (full && !std::exchange(out_of_room_, true)) on_trouble_("the disk is full: what adds data is refused until there is room");
    try {
        if (!connection_->in_autocommit()) connection_->run("ROLLBACK");
    } catch (const std::exception& trouble) {
        healthy_ = false;
        on_trouble_(fmt::format("the rollback failed, the server takes no changes any more: {}", trouble.what()));
    }
    batch_.undo_all();
    batch_.settle();
    for (auto* companion : companions_) companion->commit_failed();
    for (auto* job : jobs) {
        if (!job->failed()) job->reject(error_of(reason));
    }
    Postbag bag;
    answer(jobs, bag);
    bag.deliver();
}

Error Writer::error_of(const std::exception& reason) { return dynamic_cast<const DiskFull*>(&reason) != nullptr ? errors::full : errors::failed; }

void Writer::answer(const std::vector<WriteJob*>& jobs, Postbag& bag) {
    for (auto* job : jobs) {
        if (job->home() != nullptr) bag.add(*job->home(), *job);
        else job->run();  // a thread waits for it (Database::write_now)
    }
}

void Writer::after_batch() {
    if (!healthy()) return;
    if (scrub_due_ && clock_.steady() >= *scrub_due_) checkpoint(SqliteConnection::Checkpoint::truncate);
    else if (connection_->wal_pages() >= checkpoint_pages) checkpoint(SqliteConnection::Checkpoint::passive);
}

void Writer::when_idle() {
    if (!healthy()) return;
    if (companions_pending()) run_batch({});
    bool stopping = false;
    {
        const std::scoped_lock lock{mutex_};
        stopping = stopping_;
    }
    if (scrub_due_ && (stopping || clock_.steady() >= *scrub_due_)) checkpoint(SqliteConnection::Checkpoint::truncate);
    else if (unsaved_log_ && !companions_pending()) checkpoint(SqliteConnection::Checkpoint::passive);
    if (stopping) unsaved_log_ = false;  // one try; what a reader holds back is read from the log at the next start
}

void Writer::checkpoint(SqliteConnection::Checkpoint mode) {
    try {
        const bool complete = connection_->checkpoint(mode);
        ++checkpoints_;
        if (complete) unsaved_log_ = false;
        if (complete && mode == SqliteConnection::Checkpoint::truncate) scrub_due_.reset();
        if (!complete && scrub_due_) scrub_due_ = clock_.steady() + idle_after;
    } catch (const DiskFull& trouble) {
        on_trouble_(fmt::format("the checkpoint found no room: {}", trouble.what()));
    } catch (const std::exception& trouble) {
        healthy_ = false;
        on_trouble_(fmt::format("the checkpoint failed, the server takes no changes any more: {}", trouble.what()));
    }
}

bool Writer::companions_pending() const {
    return std::ranges::any_of(companions_, [](const auto* companion) { return companion->pending(); });
}

Statistics Writer::statistics() const {
    const std::scoped_lock lock{mutex_};
    return {.commits = commits_,
            .jobs = jobs_,
            .failed_commits = failed_commits_,
            .checkpoints = checkpoints_,
            .wal_pages = wal_pages_,
            .queued_writes = queue_.size(),
            .busy_micros = busy_micros_,
            .commit_micros = commit_micros_.read(),
            .batch_jobs = batch_jobs_.read()};
}

}  // namespace parley::storage::sqlite
