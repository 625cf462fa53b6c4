// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace parley {

/// Checks UTF-8 as it arrives in pieces (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) and fails at the first byte that
/// cannot be part of a valid text (RFC 6455 section 8.1 asks for that).
class Utf8Validator {
public:
    /// False as soon as the text so far cannot be continued into valid UTF-8.
    bool feed(std::string_view bytes) noexcept;
    /// Whether the text may end here: no character is half read.
    bool complete() const noexcept { return missing_ == 0; }

private:
    bool first_byte(std::uint8_t byte) noexcept;

    std::uint8_t missing_ = 0;      // continuation bytes still to come
    std::uint8_t next_low_ = 0x80;  // bounds of the next one
    std::uint8_t next_high_ = 0xBF;
};

/// Whether the whole of `text` is valid UTF-8.
bool is_utf8(std::string_view text) noexcept;

}  // namespace parley
