// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/random.hpp"
#include "storage/database.hpp"
#include "users/names.hpp"

#include <cstdint>
#include <string>

namespace parley::app {

/// What the database knows of itself; made with it.
struct Meta {
    std::string epoch;
    std::string cursor_secret;
    std::string fingerprint_secret;
};

/// Reads it, makes what is missing, and folds all names anew if ICU's tables have changed since they were stored: a name that folds differently could
/// not sign in any more. Throws storage::DatabaseError.
Meta load_meta(storage::Database& db, Random& random, const users::NameFolder& names);

}  // namespace parley::app
