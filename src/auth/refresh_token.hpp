// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/random.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::auth {

/// A new refresh token: 256 random bits, 43 characters of URL-safe base64. It is told to its client once and kept nowhere.
std::string make_refresh_token(Random& random);

/// What is stored and looked up instead of a token: its SHA-256 in lower-case hex. A fast hash will do, because nobody guesses 256 random bits.
/// Nothing for a text that no refresh token is spelled like, so that it needs no look-up.
std::optional<std::string> refresh_token_hash(std::string_view token);

}  // namespace parley::auth
