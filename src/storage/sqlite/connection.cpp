// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/connection.hpp"

#include "storage/sqlite/clean_page.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <vector>

namespace parley::storage::sqlite {
namespace {

[[noreturn]] void raise(sqlite3* handle, int code, std::string_view doing) {
    const auto message = fmt::format("{}: {} ({})", doing, sqlite3_errmsg(handle), sqlite3_extended_errcode(handle));
    if ((code & 0xFF) == SQLITE_FULL) throw DiskFull{message};
    throw DatabaseError{message};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
    return text;
}

/// Before anything else of SQLite is called: no accounts of memory, for which every allocation of every connection would take one lock.
void configure_library() {
    static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(done);  // refused where a test has used SQLite before: then it is only slower
}

}  // namespace

class SqliteConnection::Statement final : public Cursor {
public:
    Statement(sqlite3* handle, std::string_view sql) : handle_(handle) {
        const int code = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
        if (code != SQLITE_OK) raise(handle, code, sql);
        number_parameters();
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(statement_); }

    void bind_null(int parameter) override { sqlite3_bind_null(statement_, place(parameter)); }
    void bind_integer(int parameter, std::int64_t value) override { sqlite3_bind_int64(statement_, place(parameter), value); }
    void bind_text(int parameter, std::string_view text) override {
        sqlite3_bind_text64(statement_, place(parameter), text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    bool step() override {
        const int code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        raise(handle_, code, sqlite3_sql(statement_));
    }
    void reset() noexcept override { sqlite3_reset(statement_); }

    bool is_null(int column) override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) override { return sqlite3_column_int64(statement_, column); }
    std::string_view text(int column) override {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return bytes ? std::string_view{bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))} : std::string_view{};
    }

private:
    /// To SQLite `$2` is a name, and names are numbered as they appear; this finds the place of each number.
    void number_parameters() {
        const int count = sqlite3_bind_parameter_count(statement_);
        for (int i = 1; i <= count; ++i) {
            const std::string_view name = sqlite3_bind_parameter_name(statement_, i);
            std::size_t number = 0;
            std::from_chars(name.data() + 1, name.data() + name.size(), number);
            if (number == 0 || number > places_.size()) throw DatabaseError{fmt::format("parameter {} in {}", name, sqlite3_sql(statement_))};
            places_.at(number - 1) = i;
        }
    }
    int place(int parameter) const { return places_.at(static_cast<std::size_t>(parameter) - 1); }

    sqlite3* handle_;
    sqlite3_stmt* statement_ = nullptr;
    std::array<int, 24> places_{};
};

SqliteConnection::SqliteConnection(const std::string& path, Role role) {
    configure_library();
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | (role == Role::writer ? SQLITE_OPEN_CREATE : 0);
    const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, role == Role::writer ? clean_vfs() : nullptr);
    try {
        if (code != SQLITE_OK) raise(handle_, code, "open " + path);
        set_up(role);
    } catch (...) {
        statements_.clear();
        sqlite3_close(handle_);
        throw;
    }
}

std::string SqliteConnection::path() const {
    const char* path = sqlite3_db_filename(handle_, "main");
    return path != nullptr ? path : "";
}

SqliteConnection::~SqliteConnection() {
    statements_.clear();
    sqlite3_close(handle_);
}

void SqliteConnection::set_up(Role role) {
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 5000);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // Debian's 3.40.1 has the WAL-reset bug, which needs a second connection that checkpoints: only the writer ever does (wal_autocheckpoint=0,
    // and no checkpoint when a reader closes).
    execute("PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0");
    if (role == Role::writer) {
        revision_ = writer_revision;
        execute(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA "
            "journal_size_limit=67108864");
        sqlite3_wal_hook(
            handle_,
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<SqliteConnection*>(self)->wal_pages_ = pages;
                return SQLITE_OK;
            },
            this);
    } else {
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        execute("PRAGMA query_only=ON; PRAGMA cache_size=-16384");
        constexpr int operations_between_looks = 10'000;
        sqlite3_progress_handler(
            handle_, operations_between_looks,
            [](void* self) { return std::chrono::steady_clock::now() > static_cast<SqliteConnection*>(self)->deadline_ ? 1 : 0; }, this);
    }
}

void SqliteConnection::execute(const std::string& sql) {
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) raise(handle_, code, sql.substr(0, 80));
}

bool SqliteConnection::in_autocommit() const noexcept { return sqlite3_get_autocommit(handle_) != 0; }
std::int64_t SqliteConnection::total_changes() const noexcept { return sqlite3_total_changes64(handle_); }

bool SqliteConnection::checkpoint(Checkpoint mode) {
    int in_log = 0, moved = 0;
    sqlite3_busy_timeout(handle_, 100);  // a truncating checkpoint waits for readers; they are short, and the writer has other work
    const int code = sqlite3_wal_checkpoint_v2(
        handle_, nullptr, mode == Checkpoint::truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    sqlite3_busy_timeout(handle_, 5000);
    if ((code & 0xFF) == SQLITE_BUSY) return false;
    if (code != SQLITE_OK) raise(handle_, code, "checkpoint");
    if (in_log == moved) wal_pages_ = 0;
    return in_log == moved;
}

SqliteConnection::Snapshot::Snapshot(SqliteConnection& db) : db_(db) {
    db_.execute("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1");  // it begins with the first read
}

SqliteConnection::Snapshot::~Snapshot() { sqlite3_exec(db_.handle_, "ROLLBACK", nullptr, nullptr, nullptr); }

void SqliteConnection::copy_to(const std::string& path) {
    sqlite3* target = nullptr;
    int code = sqlite3_open_v2(path.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> owner{target, sqlite3_close};
    if (code != SQLITE_OK) raise(target, code, "create " + path);
    const Snapshot snapshot{*this};  // for all steps: without it every commit of the server would make the copy begin anew
    if (auto* const backup = sqlite3_backup_init(target, "main", handle_, "main")) {
        constexpr int pages_a_step = 4096;
        do code = sqlite3_backup_step(backup, pages_a_step);
        while (code == SQLITE_OK);
        sqlite3_backup_finish(backup);
    } else {
        code = SQLITE_ERROR;
    }
    if (code != SQLITE_DONE) raise(target, sqlite3_errcode(target), "copy to " + path);
    code = sqlite3_exec(target, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) raise(target, code, "copy to " + path);
}

std::size_t SqliteConnection::Hash::operator()(std::string_view text) const noexcept {
    std::array<char, 24> sample{};
    const auto part = std::min<std::size_t>(text.size(), 8);
    std::memcpy(sample.data(), text.data(), part);
    std::memcpy(sample.data() + 8, text.data() + (text.size() - part) / 2, part);
    std::memcpy(sample.data() + 16, text.data() + text.size() - part, part);
    return std::hash<std::string_view>{}({sample.data(), sample.size()}) ^ text.size();
}

Cursor& SqliteConnection::prepare(std::string_view sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return *known->second;
    return *statements_.emplace(std::string{sql}, std::make_unique<Statement>(handle_, sql)).first->second;
}

std::string in_sqlite_dialect(std::string_view migration) {
    auto sql = replaced(std::string{migration}, "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT");
    return replaced(std::move(sql), "BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY");
}

}  // namespace parley::storage::sqlite
