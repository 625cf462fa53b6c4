// SPDX-License-Identifier: Apache-2.0
#include "storage/data_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace parley::storage {
namespace {

constexpr std::string_view half_restored = "half-restored";

[[noreturn]] void raise(const std::filesystem::path& path) { throw std::system_error(errno, std::generic_category(), path.string()); }

void sync_folder(const std::filesystem::path& folder) {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) raise(folder);
    const int code = ::fsync(handle);
    ::close(handle);
    if (code != 0) raise(folder);
}

void write_all(int handle, std::string_view content, const std::filesystem::path& path) {
    while (!content.empty()) {
        const auto written = ::write(handle, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) raise(path);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

Result<DataFolder> DataFolder::take(const std::filesystem::path& path) {
    TRY(auto folder, take_to_restore(path));
    if (folder.is_half_restored()) {
        return fail(errors::folder_unusable,
                    fmt::format("A restore into {} did not finish. Run `parley restore` again, or empty the folder.", path.string()));
    }
    return folder;
}

Result<DataFolder> DataFolder::take_to_restore(const std::filesystem::path& path) {
    std::error_code code;
    const bool made = std::filesystem::create_directories(path, code);
    if (code) return fail(errors::folder_unusable, fmt::format("The data folder {} cannot be made: {}.", path.string(), code.message()));
    if (made) ::chmod(path.c_str(), S_IRWXU);
    const auto lock_path = path / "lock";
    const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (lock < 0) return fail(errors::folder_unusable, fmt::format("The data folder {} cannot be written: {}.", path.string(), std::strerror(errno)));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return fail(errors::folder_in_use, fmt::format("Another server uses the data folder {}.", path.string()));
    }
    return DataFolder{path, lock};
}

bool DataFolder::is_half_restored() const { return std::filesystem::exists(path_ / half_restored); }

Result<void> DataFolder::begin_restore() const {
    try {
        write_file_durably(path_ / half_restored, "");
        return {};
    } catch (const std::system_error& error) {
        return fail(errors::folder_unusable, error.what());
    }
}

Result<void> DataFolder::end_restore() const {
    try {
        std::filesystem::remove(path_ / half_restored);
        sync_folder(path_);
        return {};
    } catch (const std::system_error& error) {
        return fail(errors::folder_unusable, error.what());
    }
}

bool DataFolder::in_use(const std::filesystem::path& path) {
    const int lock = ::open((path / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (lock < 0) return false;
    const bool free = ::flock(lock, LOCK_EX | LOCK_NB) == 0;
    ::close(lock);
    return !free;
}

DataFolder::DataFolder(DataFolder&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
    if (lock_ >= 0) ::close(lock_);
}

void write_file_durably(const std::filesystem::path& path, std::string_view content) {
    auto fresh = path;
    fresh += ".new";
    const int handle = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (handle < 0) raise(fresh);
    try {
        write_all(handle, content, fresh);
        if (::fsync(handle) != 0) raise(fresh);
    } catch (...) {
        ::close(handle);
        throw;
    }
    ::close(handle);
    std::filesystem::rename(fresh, path);
    sync_folder(path.parent_path());
}

}  // namespace parley::storage
