// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/fields.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace parley::backup {

/// What a backup says of itself, in `manifest.json`. The files it holds stand in its database.
struct Manifest {
    std::int64_t format = 1;
    std::string version;  // of the Parley that made it
    Timestamp made_at;
    std::int64_t database_bytes = 0;
    std::string database_sha256;
    std::int64_t files = 0;
    std::int64_t file_bytes = 0;
    std::vector<std::int64_t> damaged_files;  // ids: their content was missing or not what was uploaded, and is not in the backup

    static constexpr std::string_view schema_name = "BackupManifest";
    static constexpr auto fields = std::tuple{json::Field{"format", &Manifest::format, ""},
                                              json::Field{"version", &Manifest::version, ""},
                                              json::Field{"made_at", &Manifest::made_at, ""},
                                              json::Field{"database_bytes", &Manifest::database_bytes, ""},
                                              json::Field{"database_sha256", &Manifest::database_sha256, ""},
                                              json::Field{"files", &Manifest::files, ""},
                                              json::Field{"file_bytes", &Manifest::file_bytes, ""},
                                              json::Field{"damaged_files", &Manifest::damaged_files, ""}};
};

}  // namespace parley::backup
