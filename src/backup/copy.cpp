// SPDX-License-Identifier: Apache-2.0
#include "backup/copy.hpp"

#include "backup/errors.hpp"
#include "core/encoding.hpp"
#include "core/sha256.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace parley::backup {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

std::unexpected<Error> failure(std::string_view doing, const std::filesystem::path& path) {
    return fail(errors::failed, fmt::format("{} {}: {}", doing, path.string(), std::strerror(errno)));
}

Result<void> write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failure("write", path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<Digest> write_copy(int from, int to, const std::filesystem::path& path) {
    TRY(auto digest, read_all(from, [&](std::string_view piece) { return write_all(to, piece, path); }));
    if (::fsync(to) != 0) return failure("sync", path);
    return digest;
}

}  // namespace

Result<InputFile> InputFile::open(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return failure("open", path);
    return InputFile{descriptor};
}

InputFile::InputFile(InputFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

InputFile::~InputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<Digest> read_all(int descriptor, const std::function<Result<void>(std::string_view)>& take) {
    Sha256 hash;
    Digest digest;
    std::vector<char> piece(piece_bytes);
    for (;;) {
        const auto count = ::pread(descriptor, piece.data(), piece.size(), digest.bytes);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failure("read", fmt::format("/proc/self/fd/{}", descriptor));
        if (count == 0) break;
        const std::string_view bytes{piece.data(), static_cast<std::size_t>(count)};
        hash.update(bytes);
        CHECK(take(bytes));
        digest.bytes += count;
    }
    digest.sha256 = hex_encode(hash.finish());
    return digest;
}

Result<Digest> digest_of(const std::filesystem::path& path) {
    TRY(const auto file, InputFile::open(path));
    return read_all(file.descriptor(), [](std::string_view) -> Result<void> { return {}; });
}

Result<Digest> copy_durably(int from, const std::filesystem::path& to, std::string_view expected_sha256) {
    auto fresh = to;
    fresh += ".new";
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) return failure("create", fresh);
    auto copied = write_copy(from, file, fresh);
    ::close(file);
    const bool good = copied && copied->sha256 == expected_sha256;
    if (good && ::rename(fresh.c_str(), to.c_str()) != 0) copied = failure("rename", fresh);
    if (!good || !copied) {
        ::unlink(fresh.c_str());
        return copied;
    }
    CHECK(sync_folder(to.parent_path()));
    return copied;
}

Result<void> make_folder(const std::filesystem::path& folder) {
    if (::mkdir(folder.c_str(), S_IRWXU) == 0) return sync_folder(folder.has_parent_path() ? folder.parent_path() : ".");
    if (errno == EEXIST) return {};
    if (errno != ENOENT || !folder.has_parent_path()) return failure("make", folder);
    CHECK(make_folder(folder.parent_path()));
    if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) return failure("make", folder);
    return sync_folder(folder.parent_path());
}

Result<void> sync_folder(const std::filesystem::path& folder) {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return failure("open", folder);
    const int code = ::fsync(handle);
    const int reason = errno;
    ::close(handle);
    errno = reason;
    if (code != 0) return failure("sync", folder);
    return {};
}

Result<void> sync_file(const std::filesystem::path& path) {
    TRY(const auto file, InputFile::open(path));
    if (::fsync(file.descriptor()) != 0) return failure("sync", path);
    return {};
}

}  // namespace parley::backup
