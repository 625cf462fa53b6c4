// SPDX-License-Identifier: Apache-2.0
// Loaded into a server (LD_PRELOAD): the DISK_FAIL_AT-th call of the kind DISK_FAIL (write, sync, open, rename) below DISK_ROOT fails with the error
// DISK_FAIL_CODE, and with DISK_FAIL_ALWAYS=1 each one after it. DISK_FAIL_CODE=KILL ends the process there instead.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::string setting(const char* name) {
    const char* value = ::getenv(name);
    return value == nullptr ? "" : value;
}

bool is_ours(std::string_view path) {
    static const std::string root = setting("DISK_ROOT");
    return !root.empty() && path.starts_with(root);
}

std::string path_of(int file) {
    std::array<char, PATH_MAX> text{};
    const auto size = ::readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), text.data(), text.size());
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

/// Whether this call is to fail; errno is set then.
bool fails(std::string_view kind, std::string_view path) {
    static const std::string wanted = setting("DISK_FAIL");
    static const long at = std::strtol(setting("DISK_FAIL_AT").c_str(), nullptr, 10);
    static const long code = std::strtol(setting("DISK_FAIL_CODE").c_str(), nullptr, 10);
    static const bool kills = setting("DISK_FAIL_CODE") == "KILL";
    static const bool always = setting("DISK_FAIL_ALWAYS") == "1";
    static std::atomic<long> count = 0;
    if (kind != wanted || !is_ours(path)) return false;
    const auto number = ++count;
    if (number < at || (number > at && !always)) return false;
    if (kills) ::kill(::getpid(), SIGKILL);
    errno = static_cast<int>(code);
    return true;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = static_cast<mode_t>(va_arg(more, int));
    va_end(more);
    return fails("open", path) ? -1 : next<int(const char*, int, ...)>("open")(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = static_cast<mode_t>(va_arg(more, int));
    va_end(more);
    return fails("open", path) ? -1 : next<int(const char*, int, ...)>("open64")(path, flags, mode);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
    return fails("write", path_of(file)) ? -1 : next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
    return fails("write", path_of(file)) ? -1 : next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64")(file, bytes, size, offset);
}
ssize_t write(int file, const void* bytes, size_t size) {
    return fails("write", path_of(file)) ? -1 : next<ssize_t(int, const void*, size_t)>("write")(file, bytes, size);
}
int fsync(int file) { return fails("sync", path_of(file)) ? -1 : next<int(int)>("fsync")(file); }
int fdatasync(int file) { return fails("sync", path_of(file)) ? -1 : next<int(int)>("fdatasync")(file); }
int rename(const char* from, const char* to) noexcept { return fails("rename", to) ? -1 : next<int(const char*, const char*)>("rename")(from, to); }
}
