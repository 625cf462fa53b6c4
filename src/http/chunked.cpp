// SPDX-License-Identifier: Apache-2.0
#include "http/chunked.hpp"

#include "http/errors.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace parley::http {
namespace {

int hex_value(char byte) noexcept {
    if (byte >= '0' && byte <= '9') return byte - '0';
    const char lower = to_lower(byte);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

Result<ChunkedDecoder::Step> ChunkedDecoder::feed(std::string_view input) {
    std::size_t at = 0;
    while (at < input.size() && state_ != State::finished) {
        if (state_ == State::data) {
            const auto piece = input.substr(at, static_cast<std::size_t>(std::min<std::uint64_t>(size_, input.size())));
            size_ -= piece.size();
            if (size_ == 0) state_ = State::data_return;
            return Step{at + piece.size(), piece, false};
        }
        CHECK(take(input[at++]));
    }
    return Step{at, {}, state_ == State::finished};
}

Result<void> ChunkedDecoder::take(char byte) {
    switch (state_) {
        case State::size: return take_size(byte);
        case State::extension: return take_extension(byte);
        case State::size_line_feed: return begin_chunk(byte);
        case State::data_return: return expect('\r', byte, State::data_line_feed);
        case State::data_line_feed: return expect('\n', byte, State::size);
        case State::trailer:
        case State::trailer_name:
        case State::trailer_value: return take_trailer(byte);
        case State::trailer_line_feed: return expect('\n', byte, State::trailer);
        case State::last_line_feed: return expect('\n', byte, State::finished);
        case State::data:
        case State::finished: break;
    }
    return {};
}

/// The grammar has whitespace before the extension and after a size without one has none: the lenient readers differ there, so none is taken.
Result<void> ChunkedDecoder::take_size(char byte) {
    if (const int digit = hex_value(byte); digit >= 0) {
        if (++size_digits_ > max_size_digits) return fail(errors::bad_chunk, "The size of a chunk has too many digits.");
        size_ = size_ * 16 + static_cast<unsigned>(digit);
        return {};
    }
    if (size_digits_ == 0 || size_ > std::numeric_limits<std::int64_t>::max())
        return fail(errors::bad_chunk, "The size of a chunk is a number below 2^63 in hex digits.");
    if (byte == ';') {
        state_ = State::extension;
        return {};
    }
    return expect('\r', byte, State::size_line_feed);
}

Result<void> ChunkedDecoder::take_extension(char byte) {
    if (!is(Bytes::field_value, byte)) return expect('\r', byte, State::size_line_feed);
    if (++extension_bytes_ > max_extension_bytes) return fail(errors::bad_chunk, "The extension of a chunk is too long.");
    return {};
}

Result<void> ChunkedDecoder::begin_chunk(char byte) {
    // A byte of data in each chunk and a kilobyte of extension would make a small body cost a thousand times its size (CVE-2023-39326).
    const auto extension = extension_excess_ + std::exchange(extension_bytes_, 0);
    extension_excess_ = extension - static_cast<std::size_t>(std::min<std::uint64_t>(extension, size_));
    if (extension_excess_ > max_extension_excess) return fail(errors::bad_chunk, "The extensions outweigh the data.");
    size_digits_ = 0;
    return expect('\n', byte, size_ == 0 ? State::trailer : State::data);
}

/// RFC 9112 section 7.1.2: lines like those of the head, and by the same rules.
Result<void> ChunkedDecoder::take_trailer(char byte) {
    if (++trailer_bytes_ > max_trailer_bytes) return fail(errors::bad_chunk, "The trailers are too long.");
    if (state_ == State::trailer_value) return is(Bytes::field_value, byte) ? Result<void>{} : expect('\r', byte, State::trailer_line_feed);
    if (state_ == State::trailer && byte == '\r') return expect('\r', byte, State::last_line_feed);
    if (is(Bytes::token, byte)) {
        state_ = State::trailer_name;
        return {};
    }
    return expect(':', state_ == State::trailer_name ? byte : '\0', State::trailer_value);
}

Result<void> ChunkedDecoder::expect(char wanted, char byte, State next) {
    if (byte != wanted) return fail(errors::bad_chunk);
    state_ = next;
    return {};
}

}  // namespace parley::http
