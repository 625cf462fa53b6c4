// SPDX-License-Identifier: Apache-2.0
#include "storage/migrations.hpp"

#include "core/sha256.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace parley::storage {
namespace {

struct Applied {
    std::int64_t version;
    std::string checksum;
};

/// "0003_create_members" of "0003_create_members.sqlite.sql", and "sqlite"; the dialect is empty where the file serves all.
std::pair<std::string_view, std::string_view> split(std::string_view file) {
    const auto stem = file.substr(0, file.size() - std::string_view{".sql"}.size());
    const auto dot = stem.find('.');
    if (dot == std::string_view::npos) return {stem, {}};
    return {stem.substr(0, dot), stem.substr(dot + 1)};
}

Result<void> compare(std::span<const Migration> migrations, std::span<const Applied> applied) {
    for (const auto& done : applied) {
        const auto known = std::ranges::find(migrations, done.version, &Migration::version);
        if (known == migrations.end())
            return fail(errors::newer_schema,
                        fmt::format("The database has schema version {}, this program knows {}.", done.version, migrations.back().version));
        if (known->checksum != done.checksum)
            return fail(errors::migration_changed, fmt::format("The database was made by another {}.sql than this program carries.", known->name));
    }
    return {};
}

}  // namespace

std::vector<Migration> migrations_for(std::string_view dialect, std::span<const EmbeddedFile> files) {
    std::vector<Migration> migrations;
    for (const auto& file : files) {
        const auto [name, of_dialect] = split(file.name);
        if (!of_dialect.empty() && of_dialect != dialect) continue;
        Migration migration{0, std::string{name}, sha256_hex(file.content), file.content};
        std::from_chars(name.data(), name.data() + 4, migration.version);
        const auto same = std::ranges::find(migrations, migration.version, &Migration::version);
        if (same == migrations.end()) migrations.push_back(std::move(migration));
        else if (!of_dialect.empty()) *same = std::move(migration);
    }
    std::ranges::sort(migrations, {}, &Migration::version);
    return migrations;
}

Result<std::vector<std::string>> migrate(Connection& db, std::span<const Migration> migrations, const Clock& clock,
                                         const std::function<void(const std::function<void()>&)>& in_transaction,
                                         const std::function<void(std::string_view)>& execute) {
    db.run(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at_us BIGINT "
        "NOT NULL)");
    const auto applied = db.rows<Applied>("SELECT version, checksum FROM schema_migrations ORDER BY version LIMIT 10000");
    CHECK(compare(migrations, applied));
    std::vector<std::string> run;
    for (const auto& migration : migrations) {
        if (std::ranges::find(applied, migration.version, &Applied::version) != applied.end()) continue;
        in_transaction([&] {
            execute(migration.sql);
            db.run("INSERT INTO schema_migrations (version, name, checksum, applied_at_us) VALUES ($1, $2, $3, $4)", migration.version,
                   migration.name, migration.checksum, clock.now());
        });
        run.push_back(migration.name);
    }
    return run;
}

}  // namespace parley::storage
