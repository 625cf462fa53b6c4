// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "core/clock.hpp"
#include "storage/data_folder.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/database.hpp"

#include <iostream>

namespace parley::cli {

int migrate(const config::Loaded& loaded) {
    const auto& storage = loaded.config.storage;
    const auto folder = storage::DataFolder::take(storage.data_dir);
    if (!folder) {
        std::cerr << "parley: " << folder.error().detail() << '\n';
        return folder.error().is(storage::errors::folder_in_use) ? folder_in_use : failed;
    }
    const SystemClock clock;
    const auto run = storage::sqlite::migrate_file(storage.database_url.substr(std::string_view{"sqlite:"}.size()), embedded::migrations(), clock);
    if (!run) {
        std::cerr << "parley: " << run.error().detail() << '\n';
        return failed;
    }
    for (const auto& name : *run) std::cout << name << '\n';
    if (run->empty()) std::cout << "The schema is up to date.\n";
    return done;
}

}  // namespace parley::cli
