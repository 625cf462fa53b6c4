// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "core/embedded.hpp"
#include "core/result.hpp"
#include "storage/connection.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::storage {

namespace errors {
inline constexpr ErrorKind migration_changed{"storage.migration_changed", ErrorClass::internal,
                                             "A migration this database has run is not the one this program carries."};
inline constexpr ErrorKind newer_schema{"storage.newer_schema", ErrorClass::internal, "The database was made by a newer version of Parley."};
}  // namespace errors

struct Migration {
    std::int64_t version;
    std::string name;      // "0003_create_members"
    std::string checksum;  // SHA-256 of the file, hex
    std::string_view sql;
};

/// The migrations for a dialect ("sqlite", "postgres") in order of version. `NNNN_name.sql` serves every database; where
/// `NNNN_name.<dialect>.sql` is there as well, that one is taken.
std::vector<Migration> migrations_for(std::string_view dialect, std::span<const EmbeddedFile> files);

/// Brings the schema up to date and returns the names of what was run. `in_transaction` runs one migration, all of it or nothing;
/// `execute` runs a text of several statements. Errors: migration_changed, newer_schema; nothing was changed then.
Result<std::vector<std::string>> migrate(Connection& db, std::span<const Migration> migrations, const Clock& clock,
                                         const std::function<void(const std::function<void()>&)>& in_transaction,
                                         const std::function<void(std::string_view)>& execute);

}  // namespace parley::storage
