// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "core/embedded.hpp"
#include "storage/database.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::storage::sqlite {

struct Options {
    std::string path;
    std::size_t readers = 2;
    /// Called with what went wrong when a commit, checkpoint or job fails in a way nobody expected; from the writer's or a reader's thread.
    std::function<void(std::string_view)> on_trouble = [](std::string_view) {};
};

/// Opens the file, runs the migrations and starts the threads. Errors: those of `migrate`; throws DatabaseError if the file cannot be used.
Result<std::unique_ptr<Database>> open(const Options& options, std::span<const EmbeddedFile> migrations, const Clock& clock);

/// Brings the schema up to date without starting anything, and returns the names of the migrations that were run.
Result<std::vector<std::string>> migrate_file(const std::string& path, std::span<const EmbeddedFile> migrations, const Clock& clock);

}  // namespace parley::storage::sqlite
