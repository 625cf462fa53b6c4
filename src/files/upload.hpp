// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blob/blob_store.hpp"
#include "core/sha256.hpp"
#include "core/task.hpp"
#include "core/worker_pool.hpp"
#include "files/media_type.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace parley::files {

/// The bytes of one file on their way to the disk: gathered into pieces of constant size, hashed and written on the disk pool while the connection
/// waits, so that memory stays bounded and a slow disk slows the sender.
class Upload {
public:
    /// What one call to the pool writes, at least.
    static constexpr std::size_t piece_bytes = 256 * 1024;
    /// What a caller appends at once, at most.
    static constexpr std::size_t largest_append = 64 * 1024;

    Upload(blob::BlobStore& blobs, WorkerPool& disk, std::string blob_name);

    /// Errors: full, failed, overloaded.
    Task<Result<void>> begin();
    /// `bytes` are copied before the first wait. Errors: as above.
    Task<Result<void>> append(std::string_view bytes);
    /// The bytes and their name are on stable storage when it completes.
    Task<Result<void>> finish();
    /// Removes what was written. (So does destroying an unfinished upload, but there and then.)
    Task<void> discard();

    std::int64_t size() const noexcept { return size_; }
    const std::string& sha256() const noexcept { return sha256_; }  // lower-case hex, after `finish`
    std::string_view first_bytes() const noexcept { return first_bytes_; }

private:
    Task<Result<void>> flush();

    blob::BlobStore& blobs_;
    WorkerPool& disk_;
    const std::string blob_name_;
    std::unique_ptr<blob::BlobWriter> writer_;
    std::string buffer_;
    Sha256 hash_;
    std::int64_t size_ = 0;
    std::string sha256_;
    std::string first_bytes_;
};

}  // namespace parley::files
