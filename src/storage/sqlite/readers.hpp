// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "storage/database.hpp"
#include "storage/sqlite/connection.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace parley::storage::sqlite {

class Writer;

/// Threads with a reading connection each. A read sees one snapshot and never waits for the writer.
class Readers {
public:
    using OnTrouble = std::function<void(std::string_view)>;

    Readers(const std::string& path, std::size_t count, const Writer& writer, const Clock& clock, OnTrouble on_trouble);
    ~Readers();
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

    bool enqueue(ReadJob& job);
    std::size_t queued() const;
    void stop();

private:
    static constexpr std::size_t queue_limit = 16'384;
    static constexpr std::chrono::seconds longest_read{10};
    static constexpr int most_attempts = 50;

    void loop(SqliteConnection& connection);
    void run(SqliteConnection& connection, ReadJob& job);
    bool attempt(SqliteConnection& connection, ReadJob& job);

    const Writer& writer_;
    const Clock& clock_;
    const OnTrouble on_trouble_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<ReadJob*> queue_;
    bool stopping_ = false;
    std::vector<std::unique_ptr<SqliteConnection>> connections_;
    std::vector<std::thread> threads_;
};

}  // namespace parley::storage::sqlite
