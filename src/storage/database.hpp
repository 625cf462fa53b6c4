// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/executor.hpp"
#include "core/histogram.hpp"
#include "core/result.hpp"
#include "storage/connection.hpp"
#include "storage/transaction.hpp"

#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <latch>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley::storage {

/// Hears of every commit, on the writer's thread, before its jobs are answered. What it puts into the postbag reaches each executor together with the
/// answers of that commit, in commit order. It must not wait and must not throw.
class CommitListener {
public:
    virtual void committed(const Announcements& announcements, Postbag& postbag) = 0;

protected:
    ~CommitListener() = default;
};

/// Memory that stands beside the database and is moved into it behind the commits (chat::Log's index). All calls come from the writer's thread.
class Companion {
public:
    /// Adds a slice of what waits to the commit that follows; `jobs` is how many jobs that commit holds, 0 when the writer is idle.
    virtual void before_commit(Transaction& tx, std::size_t jobs) = 0;
    /// The commit holds. Whether memory is to be dropped now that it placed.
    virtual bool after_commit() = 0;
    /// Drops it. Snapshots stamped before `revision` may still need it: they are run again. New ones are stamped with it already, and see it placed.
    virtual void drop_placed(std::uint64_t revision) = 0;
    /// The commit failed; what before_commit placed is not placed.
    virtual void commit_failed() = 0;
    /// Whether something waits to be placed.
    virtual bool pending() const = 0;

protected:
    ~Companion() = default;
};

/// One job in the queue of the writer or a reader. It stands in the frame of the coroutine that waits for it.
class Job : public Work {
public:
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    /// Answers with an error instead of running, or after what it wrote was undone.
    virtual void reject(Error error) = 0;
    /// Whether the job succeeded, after it ran.
    virtual bool succeeded() const noexcept = 0;
    /// Whether it has an answer already that is no success.
    virtual bool failed() const noexcept = 0;
    /// The executor that waits for the answer, and gets the job itself as work.
    Executor* home() const noexcept { return home_; }

protected:
    Job() = default;
    ~Job() = default;
    Executor* home_ = nullptr;
};

class ReadJob : public Job {
public:
    /// May be called again on a newer snapshot.
    virtual void execute(Connection& db) = 0;

protected:
    ~ReadJob() = default;
};

class WriteJob : public Job {
public:
    virtual void execute(Transaction& tx) = 0;
    /// Whether it may fail after it has changed something, and is to be undone alone then: it runs under a savepoint.
    bool needs_savepoint() const noexcept { return needs_savepoint_; }

protected:
    explicit WriteJob(bool needs_savepoint = true) : needs_savepoint_(needs_savepoint) {}
    ~WriteJob() = default;

private:
    const bool needs_savepoint_;
};

/// A write job that checks everything before its first change.
class CheckedWriteJob : public WriteJob {
protected:
    CheckedWriteJob() : WriteJob(false) {}
    ~CheckedWriteJob() = default;
};

struct Statistics {
    std::uint64_t commits = 0, jobs = 0, failed_commits = 0, checkpoints = 0;
    std::uint64_t wal_pages = 0, queued_writes = 0, queued_reads = 0;
    std::uint64_t busy_micros = 0;  // time the writer spent between taking a batch and answering it
    Histogram::Reading commit_micros, batch_jobs;
};

/// The one seam between the program and its database: a read is a function over a snapshot, a write a function that joins the next commit.
class Database {
public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    /// `co_await db.read(f)`: `Result<T> f(Connection&)` on a reader's thread. f is pure but for what it returns: it may be called again.
    template <class F>
    auto read(F function) {
        return Awaiting<ReadJob, Connection, F>{*this, std::move(function)};
    }

    /// `co_await db.write(f)`: `Result<T> f(Transaction&)` on the writer's thread. Completes when the commit that holds it is on stable storage.
    /// An error undoes all f did, and nothing else. Beyond f's own errors: overloaded, full, failed, stopping.
    template <class F>
    auto write(F function) {
        return Awaiting<WriteJob, Transaction, F>{*this, std::move(function)};
    }
    /// The same for an f that gives no error after its first change. It is spared the savepoint, which copies every page the job changes: a third of
    /// what a small job costs. Should it fail half-way nevertheless (the database did, or an exception came), the jobs before it in its commit fail
    /// too.
    template <class F>
    auto write_checked(F function) {
        return Awaiting<CheckedWriteJob, Transaction, F>{*this, std::move(function)};
    }

    /// The same for a thread that may wait: the start, the command line, tests.
    template <class F>
    auto read_now(F function) {
        return Blocking<ReadJob, Connection, F>{std::move(function)}.wait(*this);
    }
    template <class F>
    auto write_now(F function) {
        return Blocking<WriteJob, Transaction, F>{std::move(function)}.wait(*this);
    }

    /// Before the first job that concerns them; they must outlive the database's threads.
    virtual void add_listener(CommitListener& listener) = 0;
    virtual void add_companion(Companion& companion) = 0;

    /// Whether changes are still taken; false after a failed fsync, for the rest of the process's life.
    virtual bool healthy() const noexcept = 0;
    virtual Statistics statistics() const = 0;

    /// Runs what is queued, places what waits, checkpoints, and ends the threads. Jobs that come later are rejected with `stopping`.
    virtual void stop() = 0;

protected:
    /// False if the queue is full or closed: the job was then rejected and will not be called.
    virtual bool enqueue(ReadJob& job) = 0;
    virtual bool enqueue(WriteJob& job) = 0;

private:
    template <class Base, class On, class F>
    class Running : public Base {
    public:
        using Value = std::invoke_result_t<F&, On&>;
        explicit Running(F function) : function_(std::move(function)) {}

        void execute(On& on) override {
            exception_ = {};
            value_.reset();
            try {
                value_.emplace(function_(on));
            } catch (const DatabaseError&) {
                throw;  // the driver decides: undo, run again, or give up
            } catch (...) {
                exception_ = std::current_exception();
            }
        }
        void reject(Error error) override {
            exception_ = {};
            value_.emplace(std::unexpected(std::move(error)));
        }
        bool succeeded() const noexcept override { return value_ && value_->has_value(); }
        bool failed() const noexcept override { return exception_ || (value_ && !value_->has_value()); }

    protected:
        Value take() {
            if (exception_) std::rethrow_exception(exception_);
            return std::move(*value_);
        }

    private:
        F function_;
        std::optional<Value> value_;
        std::exception_ptr exception_;
    };

    template <class Base, class On, class F>
    class Awaiting final : public Running<Base, On, F> {
    public:
        Awaiting(Database& database, F function) : Running<Base, On, F>(std::move(function)), database_(database) {}
        bool await_ready() const noexcept { return false; }
        bool await_suspend(std::coroutine_handle<> waiting) {
            waiting_ = waiting;
            this->home_ = Executor::current();
            return database_.enqueue(*this);
        }
        auto await_resume() { return this->take(); }
        void run() override { waiting_.resume(); }

    private:
        Database& database_;
        std::coroutine_handle<> waiting_;
    };

    template <class Base, class On, class F>
    class Blocking final : public Running<Base, On, F> {
    public:
        explicit Blocking(F function) : Running<Base, On, F>(std::move(function)) {}
        auto wait(Database& database) {
            if (database.enqueue(*this)) done_->wait();
            return this->take();
        }
        void run() override {
            const auto done = done_;  // the waiting thread may destroy this job as soon as it is told
            done->count_down();
        }

    private:
        std::shared_ptr<std::latch> done_ = std::make_shared<std::latch>(1);
    };
};

}  // namespace parley::storage
