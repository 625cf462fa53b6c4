// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/manifest.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace parley::backup {

/// A folder of backups. `snapshots/<time>/` holds the database and the manifest of each; `files/ab/cd/<sha256>` every content once, whichever of
/// them need it, so that another backup copies only what is new. A snapshot gets its name when all of it is on stable storage.
class Repository {
public:
    /// Makes the folder if it is not there, and keeps others from writing to it for as long as this object lives. Errors: in_use, failed.
    static Result<Repository> open_to_write(const std::filesystem::path& root);
    /// Errors: no_backup.
    static Result<Repository> open(const std::filesystem::path& root);

    Repository(Repository&& other) noexcept;
    Repository& operator=(Repository&&) = delete;
    ~Repository();

    /// The names of the finished ones, the oldest first.
    std::vector<std::string> snapshots() const;
    /// A folder for the next one, empty; whatever an earlier run left unfinished is gone.
    Result<std::filesystem::path> begin_snapshot() const;
    /// Gives it its name: `made_at` in UTC, `2026-11-24T10-56-02.123Z`.
    Result<std::filesystem::path> finish_snapshot(const Manifest& manifest) const;

    Result<Manifest> manifest_of(std::string_view snapshot) const;
    std::filesystem::path database_of(std::string_view snapshot) const { return root_ / "snapshots" / snapshot / "parley.db"; }

    std::filesystem::path content_path(std::string_view sha256) const;
    /// Whether a content of this size is here already.
    bool holds(std::string_view sha256, std::int64_t bytes) const;

    /// Removes all but the newest `keep`, and the contents that only they needed. Returns how many contents went.
    Result<std::int64_t> prune(std::size_t keep) const;

private:
    Repository(std::filesystem::path root, int lock) : root_(std::move(root)), lock_(lock) {}

    std::filesystem::path root_;
    int lock_;  // -1: opened to read
};

}  // namespace parley::backup
