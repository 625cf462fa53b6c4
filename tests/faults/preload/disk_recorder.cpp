// SPDX-License-Identifier: Apache-2.0
// Loaded into a server (LD_PRELOAD): writes down, in order, what it does to the files below DISK_ROOT, into the file DISK_LOG.
#include "faults/disk_log.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>

namespace {

using parley::faults::DiskOp, parley::faults::DiskRecord;

template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

const std::string& root() {
    static const std::string path = ::getenv("DISK_ROOT") == nullptr ? "" : ::getenv("DISK_ROOT");
    return path;
}

std::mutex& lock() {
    static std::mutex mutex;
    return mutex;
}

int log_file() {
    static const int file = ::getenv("DISK_LOG") == nullptr
                                ? -1
                                : next<int(const char*, int, ...)>("open")(::getenv("DISK_LOG"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    return file;
}

bool is_ours(std::string_view path) { return !root().empty() && path.starts_with(root()) && log_file() >= 0; }

/// Under the lock, with the change itself, so that the log has the order of the disk.
void record(DiskOp op, std::string_view text, std::uint64_t offset = 0, std::string_view data = {}) {
    const DiskRecord head{
        .op = op, .text_bytes = static_cast<std::uint32_t>(text.size()), .data_bytes = static_cast<std::uint32_t>(data.size()), .offset = offset};
    const std::array<iovec, 3> parts{iovec{const_cast<DiskRecord*>(&head), sizeof head}, iovec{const_cast<char*>(text.data()), text.size()},
                                     iovec{const_cast<char*>(data.data()), data.size()}};
    if (::writev(log_file(), parts.data(), parts.size()) < 0) ::abort();
}

std::string path_of(int file) {
    std::array<char, PATH_MAX> text{};
    const auto size = ::readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), text.data(), text.size());
    std::string path{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    return path;
}

/// The change is made and written down as one.
template <class Change, class Note>
auto together(bool ours, Change&& change, Note&& note) {
    if (!ours) return change();
    const std::scoped_lock held{lock()};
    const int before = errno;
    const auto result = change();
    const int code = errno;
    if (result >= 0) note(result);
    errno = result >= 0 ? before : code;
    return result;
}

int open_file(const char* name, const char* path, int flags, mode_t mode) {
    struct stat known{};
    const bool is_new = (flags & O_CREAT) != 0 && is_ours(path) && ::stat(path, &known) != 0;
    const bool empties = (flags & O_TRUNC) != 0 && is_ours(path);
    return together(
        is_new || empties, [&] { return next<int(const char*, int, ...)>(name)(path, flags, mode); },
        [&](int) { record(is_new ? DiskOp::create : DiskOp::truncate, path); });
}

int sync_file(const char* name, int file) {
    const auto path = path_of(file);
    return together(is_ours(path), [&] { return next<int(int)>(name)(file); }, [&](int) { record(DiskOp::sync, path); });
}

ssize_t write_at(const char* name, int file, const void* bytes, std::size_t size, off_t offset) {
    const auto path = path_of(file);
    return together(
        is_ours(path), [&] { return next<ssize_t(int, const void*, std::size_t, off_t)>(name)(file, bytes, size, offset); },
        [&](ssize_t done) {
            record(DiskOp::write, path, static_cast<std::uint64_t>(offset), {static_cast<const char*>(bytes), static_cast<std::size_t>(done)});
        });
}

int truncate_file(const char* name, int file, off_t size) {
    const auto path = path_of(file);
    return together(
        is_ours(path), [&] { return next<int(int, off_t)>(name)(file, size); },
        [&](int) { record(DiskOp::truncate, path, static_cast<std::uint64_t>(size)); });
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = static_cast<mode_t>(va_arg(more, int));
    va_end(more);
    return open_file("open", path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = static_cast<mode_t>(va_arg(more, int));
    va_end(more);
    return open_file("open64", path, flags, mode);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) { return write_at("pwrite", file, bytes, size, offset); }
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) { return write_at("pwrite64", file, bytes, size, offset); }
ssize_t write(int file, const void* bytes, size_t size) {
    const auto path = path_of(file);
    const auto at = is_ours(path) ? ::lseek(file, 0, SEEK_CUR) : 0;
    return together(
        is_ours(path), [&] { return next<ssize_t(int, const void*, size_t)>("write")(file, bytes, size); },
        [&](ssize_t done) {
            record(DiskOp::write, path, static_cast<std::uint64_t>(at), {static_cast<const char*>(bytes), static_cast<std::size_t>(done)});
        });
}
int ftruncate(int file, off_t size) noexcept { return truncate_file("ftruncate", file, size); }
int ftruncate64(int file, off64_t size) noexcept { return truncate_file("ftruncate64", file, size); }
int fsync(int file) { return sync_file("fsync", file); }
int fdatasync(int file) { return sync_file("fdatasync", file); }
int rename(const char* from, const char* to) noexcept {
    return together(
        is_ours(to), [&] { return next<int(const char*, const char*)>("rename")(from, to); },
        [&](int) { record(DiskOp::rename, std::string{from} + '\n' + to); });
}
int unlink(const char* path) noexcept {
    return together(is_ours(path), [&] { return next<int(const char*)>("unlink")(path); }, [&](int) { record(DiskOp::remove, path); });
}
int mkdir(const char* path, mode_t mode) noexcept {
    return together(
        is_ours(path), [&] { return next<int(const char*, mode_t)>("mkdir")(path, mode); }, [&](int) { record(DiskOp::make_folder, path); });
}
}
