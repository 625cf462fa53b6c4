// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

/// Files copied and looked at, a megabyte at a time. Failures: backup.failed, with the path and the system's reason.
namespace parley::backup {

struct Digest {
    std::int64_t bytes = 0;
    std::string sha256;  // lower-case hex
};

/// A file open for reading, closed with this object.
class InputFile {
public:
    static Result<InputFile> open(const std::filesystem::path& path);
    InputFile(InputFile&& other) noexcept;
    InputFile& operator=(InputFile&&) = delete;
    ~InputFile();
    int descriptor() const noexcept { return descriptor_; }

private:
    explicit InputFile(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

/// Reads a file from its beginning to its end, and gives every piece to `take`, which may refuse to go on.
Result<Digest> read_all(int descriptor, const std::function<Result<void>(std::string_view)>& take);
/// Of a file's content.
Result<Digest> digest_of(const std::filesystem::path& path);

/// Writes what a descriptor holds to a new file (mode 0600). When it returns, the content and its name are on stable storage, if it is what
/// `expected_sha256` says; otherwise nothing is left, and the digest tells what was read.
Result<Digest> copy_durably(int from, const std::filesystem::path& to, std::string_view expected_sha256);

/// A folder (mode 0700) and those above it, as durable as their names.
Result<void> make_folder(const std::filesystem::path& folder);
Result<void> sync_folder(const std::filesystem::path& folder);
Result<void> sync_file(const std::filesystem::path& file);

}  // namespace parley::backup
