// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blob/blob_store.hpp"

#include <filesystem>
#include <memory>

namespace parley::blob::disk {

/// While one of these is held, by any process, the store in that folder removes nothing (flock(2), so that it ends with its holder).
class Hold {
public:
    /// Error: failed.
    static Result<Hold> take(const std::filesystem::path& root);
    Hold(Hold&& other) noexcept;
    Hold& operator=(Hold&&) = delete;
    ~Hold();

private:
    explicit Hold(int lock) : lock_(lock) {}
    int lock_;
};

/// Blobs as files `<root>/ab/cd/abcd…` (folders 0700, files 0600), two levels deep so that no folder grows large.
/// Throws std::system_error if the root cannot be made.
std::unique_ptr<BlobStore> open(const std::filesystem::path& root);

}  // namespace parley::blob::disk
