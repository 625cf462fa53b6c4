// SPDX-License-Identifier: Apache-2.0
#include "core/utf8.hpp"

#include <cstring>

namespace parley {
namespace {

/// How many leading bytes of `bytes` are ASCII, eight at a time.
std::size_t ascii_prefix(std::string_view bytes) noexcept {
    std::size_t at = 0;
    for (std::uint64_t word = 0; at + sizeof word <= bytes.size(); at += sizeof word) {
        std::memcpy(&word, bytes.data() + at, sizeof word);
        if ((word & 0x8080808080808080U) != 0) break;
    }
    return at;
}

}  // namespace

bool Utf8Validator::first_byte(std::uint8_t byte) noexcept {
    next_low_ = 0x80;
    next_high_ = 0xBF;
    if (byte < 0x80) return true;
    if (byte >= 0xC2 && byte <= 0xDF) {
        missing_ = 1;
    } else if (byte >= 0xE0 && byte <= 0xEF) {
        missing_ = 2;
        if (byte == 0xE0) next_low_ = 0xA0;   // below: overlong
        if (byte == 0xED) next_high_ = 0x9F;  // above: surrogates
    } else if (byte >= 0xF0 && byte <= 0xF4) {
        missing_ = 3;
        if (byte == 0xF0) next_low_ = 0x90;   // below: overlong
        if (byte == 0xF4) next_high_ = 0x8F;  // above: U+10FFFF
    } else {
        return false;
    }
    return true;
}

bool Utf8Validator::feed(std::string_view bytes) noexcept {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (missing_ == 0) {
            i += ascii_prefix(bytes.substr(i));
            if (i == bytes.size()) break;
        }
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        if (missing_ == 0) {
            if (!first_byte(byte)) return false;
        } else {
            if (byte < next_low_ || byte > next_high_) return false;
            --missing_;
            next_low_ = 0x80;
            next_high_ = 0xBF;
        }
    }
    return true;
}

bool is_utf8(std::string_view text) noexcept {
    Utf8Validator validator;
    return validator.feed(text) && validator.complete();
}

}  // namespace parley
