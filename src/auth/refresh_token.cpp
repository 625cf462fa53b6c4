// SPDX-License-Identifier: Apache-2.0
#include "auth/refresh_token.hpp"

#include "core/encoding.hpp"
#include "core/sha256.hpp"

#include <cstddef>

namespace parley::auth {
namespace {

constexpr std::size_t token_characters = 43;  // of 256 bits

/// The length is asked first: a hostile text may be as long as a body.
bool is_refresh_token(std::string_view text) { return text.size() == token_characters && base64url_decode(text).has_value(); }

}  // namespace

std::string make_refresh_token(Random& random) { return random.token(); }

std::optional<std::string> refresh_token_hash(std::string_view token) {
    if (!is_refresh_token(token)) return std::nullopt;
    return sha256_hex(token);
}

}  // namespace parley::auth
