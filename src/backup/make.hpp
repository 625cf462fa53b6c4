// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/manifest.hpp"
#include "blob/blob_store.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace parley::backup {

/// Where a server keeps what it has.
struct Place {
    std::filesystem::path data_dir;
    std::string database;         // the file
    std::filesystem::path blobs;  // the folder
};

struct Made {
    std::filesystem::path snapshot;
    Manifest manifest;
    std::int64_t new_files = 0, new_bytes = 0;  // contents that no earlier backup had
    std::int64_t pruned = 0;                    // contents that no backup needs any more
};

/// Copies everything to a folder of backups, with the server running or not: the database as it is at one moment, and each file that is there at
/// that moment. Signing keys are left out, so that who reads a backup signs in nowhere. `keep`: how many backups stay; 0: all. Everything that was
/// acknowledged before the call is in it.
/// Errors: those of Repository. A file whose bytes are missing or wrong is no error; the manifest names it.
Result<Made> make(const Place& place, const std::filesystem::path& to, std::size_t keep, std::string_view version, const Clock& clock);

}  // namespace parley::backup
