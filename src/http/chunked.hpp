// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::http {

/// Takes the chunked coding off a body (RFC 9112 section 7.1) as the body arrives, and refuses every spelling that two readers could take for
/// different bodies. Chunk extensions and trailers are checked, then forgotten: a trailer never becomes a field of the request.
class ChunkedDecoder {
public:
    static constexpr std::size_t max_size_digits = 16;           // and the size is below 2^63
    static constexpr std::size_t max_extension_bytes = 1024;     // of one chunk
    static constexpr std::size_t max_extension_excess = 16'384;  // of a body: extension bytes above the data bytes they came with
    static constexpr std::size_t max_trailer_bytes = 4096;       // of a body: names, values and line ends

    struct Step {
        std::size_t consumed;   // bytes of the input; the rest is to be fed again
        std::string_view data;  // what they hold of the body, inside the input; may be empty
        bool finished;          // the body is complete, the rest belongs to the next request
    };

    /// Reads on to the end of the next piece of data, of the body or of the input, whichever comes first. Error: bad_chunk; the connection must
    /// be closed then, since nobody knows where the body ends.
    Result<Step> feed(std::string_view input);

    /// Ready for the next body.
    void reset() noexcept { *this = ChunkedDecoder{}; }

private:
    enum class State : std::uint8_t {
        size,
        extension,
        size_line_feed,
        data,
        data_return,
        data_line_feed,
        trailer,
        trailer_name,
        trailer_value,
        trailer_line_feed,
        last_line_feed,
        finished
    };

    Result<void> take(char byte);
    Result<void> take_size(char byte);
    Result<void> take_extension(char byte);
    Result<void> take_trailer(char byte);
    Result<void> begin_chunk(char byte);
    Result<void> expect(char wanted, char byte, State next);

    State state_ = State::size;
    std::uint8_t size_digits_ = 0;
    std::uint64_t size_ = 0;  // what is still to come of the chunk
    std::size_t extension_bytes_ = 0, extension_excess_ = 0, trailer_bytes_ = 0;
};

}  // namespace parley::http
