// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace parley::storage {

namespace errors {
inline constexpr ErrorKind folder_in_use{"storage.folder_in_use", ErrorClass::conflict, "Another server uses this data folder."};
inline constexpr ErrorKind folder_unusable{"storage.folder_unusable", ErrorClass::internal, "The data folder cannot be used."};
}  // namespace errors

/// The folder that holds everything a server keeps, and the lock (flock(2)) that keeps a second one out for as long as this object lives.
class DataFolder {
public:
    /// Makes the folder (mode 0700) if it is not there, and takes it. Errors: folder_in_use, folder_unusable (detail says why; a restore that did not
    /// finish is a reason).
    static Result<DataFolder> take(const std::filesystem::path& path);
    /// The same for who restores a backup into it.
    static Result<DataFolder> take_to_restore(const std::filesystem::path& path);
    /// Whether a server holds the folder now.
    static bool in_use(const std::filesystem::path& path);

    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&&) = delete;
    ~DataFolder();

    const std::filesystem::path& path() const noexcept { return path_; }

    /// Between these two nobody but a restore takes the folder, whatever happens to the process. Errors: folder_unusable.
    Result<void> begin_restore() const;
    Result<void> end_restore() const;
    bool is_half_restored() const;

private:
    DataFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

    std::filesystem::path path_;
    int lock_;
};

/// Writes a small file (mode 0600) so that a crash leaves the old content or the new, never half of it. Throws std::system_error.
void write_file_durably(const std::filesystem::path& path, std::string_view content);

}  // namespace parley::storage
