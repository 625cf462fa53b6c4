// SPDX-License-Identifier: Apache-2.0
#include "bare_append.hpp"

#include "core/clock.hpp"
#include "storage/schema.hpp"
#include "world.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <time.h>
#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace parley::bench {
namespace {

constexpr std::int64_t conversations = 1000, senders = 64;
// As in storage/sqlite/writer.hpp and chat/log_index.hpp.
constexpr int checkpoint_pages = 4096;
constexpr std::size_t run_entries = 32'768;
constexpr std::int64_t filling_batch = 2000;

double thread_cpu_micros() {
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);  // NOLINT: what this thread has spent is no time of day
    return static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3;
}

class Statement {
public:
    Statement(sqlite3* db, const char* sql) {
        if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK)
            throw std::runtime_error{sqlite3_errmsg(db)};
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(statement_); }

    void bind(int at, std::int64_t value) { sqlite3_bind_int64(statement_, at, value); }
    void bind(int at, const std::string& text) { sqlite3_bind_text64(statement_, at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8); }
    template <class... Values>
    void run(const Values&... values) {
        int at = 0;
        (bind(++at, values), ...);
        if (sqlite3_step(statement_) != SQLITE_DONE) throw std::runtime_error{sqlite3_errmsg(sqlite3_db_handle(statement_))};
        sqlite3_reset(statement_);
    }

private:
    sqlite3_stmt* statement_ = nullptr;
};

class File {
public:
    explicit File(const std::filesystem::path& path) {
        if (sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
            throw std::runtime_error{"cannot open the bare loop's database"};
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=0; "
            "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY");
        for (const auto& file : embedded::migrations()) {
            const bool needed = file.name.starts_with("0001_") || file.name.starts_with("0005_");
            if (needed) run(std::string{file.content});
        }
        sqlite3_wal_hook(
            handle_, [](void* pages, sqlite3*, const char*, int count) { return *static_cast<int*>(pages) = count, SQLITE_OK; }, &wal_pages_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { sqlite3_close(handle_); }

    void run(const std::string& sql) {
        if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error{sqlite3_errmsg(handle_)};
    }
    void checkpoint_if_long() {
        if (wal_pages_ < checkpoint_pages) return;
        sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        wal_pages_ = 0;
    }
    sqlite3* handle() const noexcept { return handle_; }

private:
    sqlite3* handle_ = nullptr;
    int wal_pages_ = 0;
};

class Loop {
public:
    Loop(const std::filesystem::path& path, BareRows rows) : file_(path), rows_(rows) {}

    void append(std::int64_t batch) {
        const auto now = to_micros(SystemClock{}.now());
        begin_.run();
        for (std::int64_t i = 0; i < batch; ++i) append_one(now);
        if (rows_ == BareRows::all) place_slice(2 * static_cast<std::size_t>(batch));
        commit_.run();
        file_.checkpoint_if_long();
    }

private:
    void append_one(std::int64_t now) {
        const auto id = ++last_id_;
        const auto conversation = 1 + id % conversations, seq = 1 + id / conversations, sender = 1 + id % senders;
        const auto text = fmt::format("{:0>{}}", id, text_bytes);
        const auto client_id = ids_.next(now / 1000);
        log_.run(id, conversation, seq, now, sender, seq, text, client_id);
        if (rows_ == BareRows::log_only) return;
        sent_.run(client_id, sender, conversation, seq);
        waiting_.emplace_back(conversation, seq, id);
    }

    void place_slice(std::size_t entries) {
        if (run_.empty() && waiting_.size() >= run_entries) {
            run_.swap(waiting_);
            std::ranges::sort(run_);
        }
        const auto end = std::min(run_.size(), placed_ + entries);
        for (; placed_ < end; ++placed_) std::apply([this](auto... column) { position_.run(column...); }, run_[placed_]);
        if (placed_ < run_.size()) return;
        run_.clear();
        placed_ = 0;
    }

    File file_;
    const BareRows rows_;
    Statement begin_{file_.handle(), "BEGIN IMMEDIATE"}, commit_{file_.handle(), "COMMIT"};
    Statement log_{file_.handle(),
                   "INSERT INTO log (id, conversation_id, seq, kind, at_us, actor_id, ordinal, text, client_id, flags) "
                   "VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, 0)"};
    Statement sent_{file_.handle(), "INSERT INTO sent (client_id, sender_id, conversation_id, seq) VALUES (?1, ?2, ?3, ?4)"};
    Statement position_{file_.handle(), "INSERT INTO by_position (conversation_id, is_message, seq, log_id) VALUES (?1, 1, ?2, ?3)"};
    ClientIds ids_{1};
    std::int64_t last_id_ = 0;
    std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t>> waiting_, run_;
    std::size_t placed_ = 0;
};

}  // namespace

BareFigures run_bare_append(const std::filesystem::path& folder, BareRows rows, std::int64_t filled, std::int64_t batch,
                            std::chrono::milliseconds duration) {
    Loop loop{folder / "bare.db", rows};
    for (std::int64_t done = 0; done < filled; done += filling_batch) loop.append(filling_batch);
    const SystemClock clock;
    const auto start = clock.steady();
    const auto cpu = thread_cpu_micros();
    std::int64_t appended = 0;
    for (; clock.steady() - start < duration; appended += batch) loop.append(batch);
    const auto spent = thread_cpu_micros() - cpu;
    const auto seconds = std::chrono::duration<double>(clock.steady() - start).count();
    const auto messages = static_cast<double>(appended);
    return {messages / seconds, spent / messages};
}

}  // namespace parley::bench
