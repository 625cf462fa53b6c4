// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley {

/// Lower-case hex.
std::string hex_encode(std::span<const std::byte> bytes);

/// URL-safe base64 without padding (RFC 4648 section 5).
std::string base64url_encode(std::span<const std::byte> bytes);
inline std::string base64url_encode(std::string_view text) { return base64url_encode(std::as_bytes(std::span{text})); }

/// The bytes of canonical, unpadded URL-safe base64: nothing for padding, other characters, impossible lengths, or stray bits in the last
/// character, so that every byte string has exactly one accepted spelling.
std::optional<std::string> base64url_decode(std::string_view text);

/// Decodes %XX; "+" stays a plus unless `plus_is_space` (form encoding). Nothing if a % is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// Encodes everything but RFC 3986's unreserved characters.
std::string percent_encode(std::string_view text);

}  // namespace parley
