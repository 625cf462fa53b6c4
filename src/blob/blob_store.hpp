// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::blob {

/// Bytes on their way into the store. One that is destroyed before `finish` succeeded leaves nothing behind, unless the process dies.
class BlobWriter {
public:
    BlobWriter() = default;
    BlobWriter(const BlobWriter&) = delete;
    BlobWriter& operator=(const BlobWriter&) = delete;
    virtual ~BlobWriter() = default;

    /// Errors: full, failed.
    virtual Result<void> append(std::string_view bytes) = 0;
    /// When it returns, the bytes and the name they stand under are on stable storage. Errors: full, failed.
    virtual Result<void> finish() = 0;
};

/// A blob open for reading; the descriptor is closed with the last `owner`.
struct OpenBlob {
    std::shared_ptr<const void> owner;
    int descriptor = -1;
    std::int64_t size = 0;
};

/// Where the contents of files are kept, under names the server makes (`Random::name`). Blobs are written once. Calls wait for the disk: they are
/// made on a worker's thread.
class BlobStore {
public:
    BlobStore() = default;
    BlobStore(const BlobStore&) = delete;
    BlobStore& operator=(const BlobStore&) = delete;
    virtual ~BlobStore() = default;

    /// Errors: full, failed.
    virtual Result<std::unique_ptr<BlobWriter>> create(const std::string& name) = 0;
    /// Errors: missing, failed.
    virtual Result<OpenBlob> open(const std::string& name) = 0;
    /// One that is not there is removed already. Error: failed.
    virtual Result<void> remove(const std::string& name) = 0;
    /// Of all blobs, also of those on their way.
    virtual std::vector<std::string> names() = 0;
    /// Whether somebody copies what is here, a backup: nothing is to be removed meanwhile.
    virtual bool is_held() = 0;
};

}  // namespace parley::blob
