// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/key_ring.hpp"

#include "core/ids.hpp"
#include "core/random.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::auth {

/// What a token is for. Each kind has its own `typ` and `aud`, so that none is ever taken for another (RFC 8725 sections 3.9 and 3.11).
enum class TokenKind : std::uint8_t {
    access,   // a signed-in user's; `typ` at+jwt, `aud` parley
    control,  // the operator's, from the command line to the running server; `typ` parley-control+jwt, `aud` parley-control
};

/// What a token says. Times have whole seconds; `user` and `session` are 0 in a control token.
struct Claims {
    TokenKind kind = TokenKind::access;
    UserId user;
    SessionId session;
    Timestamp issued_at;
    Timestamp expires_at;
};

inline constexpr std::size_t max_token_bytes = 4096;

/// A JSON Web Token (RFC 7519, in the profile of RFC 9068) signed with the ring's newest key: JWS compact (RFC 7515), EdDSA (RFC 8037).
/// Parts of a second are cut off both times.
std::string issue_token(const KeyRing& ring, const Claims& claims, Random& random);

/// What a token of ours says at `now`. Strict: nothing about a token is believed but the key's name before its signature is verified, and there is
/// no leeway on `exp`. Unknown claims are passed over, as RFC 7519 section 4 asks, so that an older node reads a newer one's tokens.
/// Errors: invalid_token; token_expired for one that is good but for its end.
Result<Claims> verify_token(const KeyRing& ring, std::string_view token, Timestamp now, TokenKind expected);

}  // namespace parley::auth
