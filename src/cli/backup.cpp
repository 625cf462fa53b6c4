// SPDX-License-Identifier: Apache-2.0
#include "app/version.hpp"
#include "backup/check.hpp"
#include "backup/make.hpp"
#include "backup/restore.hpp"
#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "storage/data_folder.hpp"

#include <fmt/format.h>
#include <iostream>

namespace parley::cli {
namespace {

backup::Place place_of(const config::Config& config) {
    return {config.storage.data_dir, config.storage.database_url.substr(std::string_view{"sqlite:"}.size()),
            config.blob.url.substr(std::string_view{"file:"}.size())};
}

int refuse(const Error& error) {
    std::cerr << "parley: " << (error.detail().empty() ? error.kind().sentence : error.detail()) << '\n';
    return error.is(storage::errors::folder_in_use) ? folder_in_use : failed;
}

std::string size_text(std::int64_t bytes) {
    if (bytes < 10'000) return fmt::format("{} bytes", bytes);
    constexpr double mebi = 1024.0 * 1024.0;
    return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / mebi);
}

void say_what_is_missing(const backup::Manifest& manifest) {
    for (const auto id : manifest.damaged_files)
        std::cerr << fmt::format("parley: file {}: its bytes are missing or wrong, and not in the backup\n", id);
}

}  // namespace

int make_backup(const config::Loaded& loaded, const BackupOptions& options) {
    const SystemClock clock;
    const auto made = backup::make(place_of(loaded.config), options.folder, options.keep, app::version, clock);
    if (!made) return refuse(made.error());
    const auto& manifest = made->manifest;
    std::cout << fmt::format("{}\ndatabase: {}; files: {}, {}; of them new: {}, {}\n", made->snapshot.string(), size_text(manifest.database_bytes),
                             manifest.files, size_text(manifest.file_bytes), made->new_files, size_text(made->new_bytes));
    if (made->pruned > 0) std::cout << fmt::format("contents that no backup needs any more: {}, removed\n", made->pruned);
    say_what_is_missing(manifest);
    return manifest.damaged_files.empty() ? done : failed;
}

int restore_backup(const config::Loaded& loaded, const BackupOptions& options) {
    SystemRandom random;
    const auto restored = backup::restore(options.folder, place_of(loaded.config), random);
    if (!restored) return refuse(restored.error());
    std::cout << fmt::format("{} of {} is restored: {} files. Everybody signs in again.\n", restored->snapshot, loaded.config.storage.data_dir,
                             restored->manifest.files);
    say_what_is_missing(restored->manifest);
    return done;
}

int check_data(const config::Loaded& loaded, bool repairs) {
    const auto place = place_of(loaded.config);
    const auto say = [](const std::string& what) { std::cout << what << '\n'; };
    if (repairs) {
        const SystemClock clock;
        SystemRandom random;
        if (const auto repaired = backup::repair(place, clock, random, say); !repaired) return refuse(repaired.error());
    }
    const auto findings = backup::check(place, say);
    if (!findings) return refuse(findings.error());
    std::cout << (*findings == 0 ? "Everything is as it should be.\n" : fmt::format("Findings: {}.\n", *findings));
    return *findings == 0 ? done : failed;
}

}  // namespace parley::cli
