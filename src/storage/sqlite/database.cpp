// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/database.hpp"

#include "storage/migrations.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/readers.hpp"
#include "storage/sqlite/writer.hpp"

#include <utility>

namespace parley::storage::sqlite {
namespace {

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(const Options& options, std::unique_ptr<SqliteConnection> connection, const Clock& clock)
        : writer_(std::move(connection), clock, options.on_trouble),
          readers_(options.path, options.readers, writer_, clock, options.on_trouble) {}
    ~SqliteDatabase() override { stop_all(); }

    void add_listener(CommitListener& listener) override { writer_.add_listener(listener); }
    void add_companion(Companion& companion) override { writer_.add_companion(companion); }
    bool healthy() const noexcept override { return writer_.healthy(); }
    Statistics statistics() const override {
        auto statistics = writer_.statistics();
        statistics.queued_reads = readers_.queued();
        return statistics;
    }
    void stop() override { stop_all(); }

private:
    void stop_all() {
        readers_.stop();
        writer_.stop();
    }
    bool enqueue(ReadJob& job) override { return readers_.enqueue(job); }
    bool enqueue(WriteJob& job) override { return writer_.enqueue(job); }

    Writer writer_;
    Readers readers_;
};

Result<std::vector<std::string>> migrate_connection(SqliteConnection& connection, std::span<const EmbeddedFile> files, const Clock& clock) {
    const auto migrations = migrations_for("sqlite", files);
    return migrate(
        connection, migrations, clock,
        [&](const std::function<void()>& body) {
            connection.execute("BEGIN IMMEDIATE");
            try {
                body();
                connection.execute("COMMIT");
            } catch (...) {
                if (!connection.in_autocommit()) connection.execute("ROLLBACK");
                throw;
            }
        },
        [&](std::string_view sql) { connection.execute(in_sqlite_dialect(sql)); });
}

}  // namespace

Result<std::unique_ptr<Database>> open(const Options& options, std::span<const EmbeddedFile> migrations, const Clock& clock) {
    auto connection = std::make_unique<SqliteConnection>(options.path, SqliteConnection::Role::writer);
    CHECK(migrate_connection(*connection, migrations, clock));
    return std::make_unique<SqliteDatabase>(options, std::move(connection), clock);
}

Result<std::vector<std::string>> migrate_file(const std::string& path, std::span<const EmbeddedFile> migrations, const Clock& clock) {
    SqliteConnection connection{path, SqliteConnection::Role::writer};
    return migrate_connection(connection, migrations, clock);
}

}  // namespace parley::storage::sqlite
