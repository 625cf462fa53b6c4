// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "http/chunked.hpp"
#include "http/head.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::http {

/// Takes the framing off a body, whichever it is: a declared length or chunks.
class BodyDecoder {
public:
    void begin(const Head& head);

    /// Reads the next piece off the input. Error: bad_chunk.
    Result<ChunkedDecoder::Step> feed(std::string_view input);

    bool finished() const noexcept { return finished_; }
    std::optional<std::uint64_t> declared_length() const noexcept { return chunked_ ? std::nullopt : std::optional{length_}; }

private:
    bool chunked_ = false;
    bool finished_ = true;
    std::uint64_t length_ = 0;
    std::uint64_t remaining_ = 0;
    ChunkedDecoder decoder_;
};

}  // namespace parley::http
