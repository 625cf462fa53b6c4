// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/connection.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace parley::storage::sqlite {

/// One SQLite connection with its prepared statements; used by one thread at a time.
class SqliteConnection final : public storage::Connection {
public:
    enum class Role : std::uint8_t {
        writer,  // changes, checkpoints, makes the file
        reader,  // query_only, never checkpoints
    };

    /// Opens and sets up (architecture.md, "Storage"). Throws DatabaseError.
    SqliteConnection(const std::string& path, Role role);
    ~SqliteConnection();

    /// Runs a text of several statements, such as a migration.
    void execute(const std::string& sql);

    /// Whether no transaction is open: SQLite ends one by itself after some errors.
    bool in_autocommit() const noexcept;
    /// Rows changed since the connection was opened.
    std::int64_t total_changes() const noexcept;

    /// Pages in the write-ahead log after the last commit.
    int wal_pages() const noexcept { return wal_pages_; }

    enum class Checkpoint : std::uint8_t { passive, truncate };
    /// Moves the log into the database file and syncs it. False if a reader kept it from being complete.
    bool checkpoint(Checkpoint mode);

    /// What is read until the guard goes is of one moment. Others write meanwhile; the write-ahead log only cannot begin anew.
    class Snapshot {
    public:
        explicit Snapshot(SqliteConnection& db);
        Snapshot(const Snapshot&) = delete;
        Snapshot& operator=(const Snapshot&) = delete;
        ~Snapshot();

    private:
        SqliteConnection& db_;
    };
    Snapshot begin_snapshot() { return Snapshot{*this}; }
    /// Copies the database as it is at this moment to a new file, which needs no log beside it.
    void copy_to(const std::string& path);
    /// Makes every index anew from its table.
    void rebuild_indexes() { execute("REINDEX"); }
    /// Sorts that do not fit go to files instead of memory.
    void sort_on_disk() { execute("PRAGMA temp_store=FILE"); }

    /// Statements that run longer than this end with an exception; for readers.
    void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept { deadline_ = deadline; }

    /// Of the database's file; empty for one in memory.
    std::string path() const;
    std::uint64_t revision() const noexcept override { return revision_; }
    void set_revision(std::uint64_t revision) noexcept { revision_ = revision; }

private:
    class Statement;
    /// Statements are told apart by their length, beginning, middle and end; the rest is compared. A hash of the whole text costs more than a
    /// look-up.
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept;
    };

    Cursor& prepare(std::string_view sql) override;
    void set_up(Role role);

    sqlite3* handle_ = nullptr;
    std::unordered_map<std::string, std::unique_ptr<Statement>, Hash, std::equal_to<>> statements_;
    int wal_pages_ = 0;
    std::uint64_t revision_ = 0;
    std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
};

/// The schema as SQLite wants it spelled: `BIGINT PRIMARY KEY` becomes the rowid itself (INTEGER PRIMARY KEY), identity columns AUTOINCREMENT,
/// so that ids are never given twice.
std::string in_sqlite_dialect(std::string_view migration);

}  // namespace parley::storage::sqlite
