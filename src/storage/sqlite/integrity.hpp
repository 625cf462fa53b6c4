// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/finding.hpp"
#include "storage/sqlite/connection.hpp"

namespace parley::storage::sqlite {

/// SQLite's own look at its pages and indexes, and at references between tables. At most 20 findings of each.
void check_integrity(SqliteConnection& db, const OnFinding& found);

}  // namespace parley::storage::sqlite
