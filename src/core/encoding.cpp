// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.hpp"

#include <array>
#include <cstdint>

namespace parley {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr auto base64url_values = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < base64url_alphabet.size(); ++i)
        values[static_cast<unsigned char>(base64url_alphabet[i])] = static_cast<std::int8_t>(i);
    return values;
}();

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string hex_encode(std::span<const std::byte> bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += hex_digits[std::to_integer<unsigned>(byte) >> 4U];
        text += hex_digits[std::to_integer<unsigned>(byte) & 15U];
    }
    return text;
}

std::string base64url_encode(std::span<const std::byte> bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t pending = 0;
    unsigned bits = 0;
    for (const auto byte : bytes) {
        pending = (pending << 8U) | std::to_integer<std::uint32_t>(byte);
        for (bits += 8; bits >= 6; bits -= 6) text += base64url_alphabet[(pending >> (bits - 6)) & 63U];
    }
    if (bits > 0) text += base64url_alphabet[(pending << (6 - bits)) & 63U];
    return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t pending = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto value = base64url_values[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        pending = (pending << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((pending >> bits) & 255U);
        }
    }
    const bool impossible_length = text.size() % 4 == 1;
    const bool stray_bits = (pending & ((1U << bits) - 1U)) != 0;
    if (impossible_length || stray_bits) return std::nullopt;
    return bytes;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return decoded;
}

std::string percent_encode(std::string_view text) {
    static constexpr std::string_view upper_hex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += '%';
            encoded += upper_hex[byte >> 4U];
            encoded += upper_hex[byte & 15U];
        }
    }
    return encoded;
}

}  // namespace parley
