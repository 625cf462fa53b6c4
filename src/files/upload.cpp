// SPDX-License-Identifier: Apache-2.0
#include "files/upload.hpp"

#include "core/encoding.hpp"

#include <tuple>

namespace parley::files {

Upload::Upload(blob::BlobStore& blobs, WorkerPool& disk, std::string blob_name) : blobs_(blobs), disk_(disk), blob_name_(std::move(blob_name)) {}

Task<Result<void>> Upload::begin() {
    co_return co_await disk_.run([this]() -> Result<void> {
        TRY(writer_, blobs_.create(blob_name_));
        return {};
    });
}

Task<Result<void>> Upload::append(std::string_view bytes) {
    if (first_bytes_.size() < sniff_bytes) first_bytes_.append(bytes.substr(0, sniff_bytes - first_bytes_.size()));
    if (buffer_.capacity() < piece_bytes) buffer_.reserve(piece_bytes + largest_append);
    buffer_ += bytes;
    size_ += std::ssize(bytes);
    if (buffer_.size() < piece_bytes) co_return Result<void>{};
    co_return co_await flush();
}

Task<Result<void>> Upload::flush() {
    CO_CHECK(co_await disk_.run([this]() -> Result<void> {
        hash_.update(buffer_);
        return writer_->append(buffer_);
    }));
    buffer_.clear();
    co_return Result<void>{};
}

Task<Result<void>> Upload::finish() {
    co_return co_await disk_.run([this]() -> Result<void> {
        hash_.update(buffer_);
        CHECK(writer_->append(buffer_));
        CHECK(writer_->finish());
        sha256_ = hex_encode(hash_.finish());
        return {};
    });
}

Task<void> Upload::discard() {
    std::ignore = co_await disk_.run([this]() -> Result<void> {
        writer_.reset();
        return {};
    });
}

}  // namespace parley::files
