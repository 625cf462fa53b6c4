// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/integrity.hpp"

#include <fmt/format.h>
#include <cstdint>
#include <optional>
#include <string>

namespace parley::storage::sqlite {

void check_integrity(SqliteConnection& db, const OnFinding& found) {
    for (auto& line : db.rows<std::string>("PRAGMA integrity_check(20)")) {
        if (line != "ok") found("database: " + std::move(line));
    }
    struct Dangling {
        std::string table;
        std::optional<std::int64_t> row;
        std::string parent;
    };
    for (const auto& dangling : db.rows<Dangling>("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 20"))
        found(fmt::format("database: row {} of {} names one of {} that is not there", dangling.row.value_or(0), dangling.table, dangling.parent));
}

}  // namespace parley::storage::sqlite
