// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/make.hpp"
#include "core/random.hpp"

namespace parley::backup {

struct Restored {
    std::string snapshot;
    Manifest manifest;
};

/// Fills an empty data folder from the newest backup in `from`, or from the one that `from` is. Every byte is checked against its SHA-256 on the way.
/// The epoch is a new one, so that clients which know more than the backup begin anew instead of missing what others write under the same numbers;
/// nobody is signed in. A folder whose restore did not finish starts no server; running it again goes on.
/// Errors: no_backup, damaged, not_empty, failed, those of storage::DataFolder.
Result<Restored> restore(const std::filesystem::path& from, const Place& place, Random& random);

}  // namespace parley::backup
