// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/readers.hpp"

#include "core/errors.hpp"
#include "storage/sqlite/writer.hpp"

#include <fmt/format.h>
#include <pthread.h>

namespace parley::storage::sqlite {

Readers::Readers(const std::string& path, std::size_t count, const Writer& writer, const Clock& clock, OnTrouble on_trouble)
    : writer_(writer),
      clock_(clock),
      on_trouble_(std::move(on_trouble)) {
    for (std::size_t i = 0; i < count; ++i) connections_.push_back(std::make_unique<SqliteConnection>(path, SqliteConnection::Role::reader));
    for (auto& connection : connections_) threads_.emplace_back([this, &connection] { loop(*connection); });
}

Readers::~Readers() { stop(); }

bool Readers::enqueue(ReadJob& job) {
    {
        const std::scoped_lock lock{mutex_};
        if (stopping_ || queue_.size() >= queue_limit) {
            job.reject(stopping_ ? errors::stopping : parley::errors::overloaded);
            return false;
        }
        queue_.push_back(&job);
    }
    wake_.notify_one();
    return true;
}

std::size_t Readers::queued() const {
    const std::scoped_lock lock{mutex_};
    return queue_.size();
}

void Readers::stop() {
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

void Readers::loop(SqliteConnection& connection) {
    ::pthread_setname_np(::pthread_self(), "db-reader");
    std::unique_lock lock{mutex_};
    for (;;) {
        wake_.wait(lock, [this] { return !queue_.empty() || stopping_; });
        if (queue_.empty()) return;
        auto& job = *queue_.front();
        queue_.pop_front();
        lock.unlock();
        run(connection, job);
        lock.lock();
    }
}

void Readers::run(SqliteConnection& connection, ReadJob& job) {
    connection.set_deadline(clock_.steady() + longest_read);
    int attempts = 1;
    while (!attempt(connection, job)) {
        if (++attempts > most_attempts) {
            job.reject(parley::errors::overloaded);
            break;
        }
    }
    if (job.home() != nullptr) job.home()->post(job);
    else job.run();
}

/// One run of the job on a fresh snapshot; false if it has to be run again.
bool Readers::attempt(SqliteConnection& connection, ReadJob& job) {
    bool done = true;
    try {
        // The stamp is taken before the snapshot begins: whatever is dropped in between costs a second run, never a wrong answer.
        connection.set_revision(writer_.revision());
        connection.run("BEGIN");
        job.execute(connection);
    } catch (const SnapshotMoved&) {
        done = false;
    } catch (const std::exception& trouble) {
        on_trouble_(fmt::format("a read failed: {}", trouble.what()));
        job.reject(errors::failed);
    }
    try {
        if (!connection.in_autocommit()) connection.run("COMMIT");
    } catch (const std::exception& trouble) {
        on_trouble_(fmt::format("the end of a read failed: {}", trouble.what()));
    }
    return done;
}

}  // namespace parley::storage::sqlite
