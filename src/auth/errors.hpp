// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::auth::errors {

inline constexpr ErrorKind too_similar{"too_similar", ErrorClass::unprocessable, "The password is too similar to the names or the e-mail address."};
inline constexpr ErrorKind too_common{"too_common", ErrorClass::unprocessable, "This password is too common."};
inline constexpr ErrorKind all_digits{"all_digits", ErrorClass::unprocessable, "This password is entirely numeric."};

/// One sentence for every way in which a token is not ours: which check it failed is nobody's business.
inline constexpr ErrorKind invalid_token{"auth.invalid_token", ErrorClass::unauthenticated, "The token is not valid here."};
inline constexpr ErrorKind token_expired{"auth.token_expired", ErrorClass::unauthenticated, "The token has expired."};

inline constexpr ErrorKind keys_unusable{"auth.keys_unusable", ErrorClass::internal, "The keys that sign tokens cannot be used."};

inline constexpr ErrorKind invalid_credentials{"auth.invalid_credentials", ErrorClass::unauthenticated, "The name or the password is wrong."};
inline constexpr ErrorKind too_many_failures{"auth.too_many_failures", ErrorClass::too_many, "Too many failed sign-ins. Try again later."};
inline constexpr ErrorKind invalid_refresh_token{"auth.invalid_refresh_token", ErrorClass::unauthenticated, "The refresh token is not valid."};
inline constexpr ErrorKind session_ended{"auth.session_ended", ErrorClass::unauthenticated, "This session has ended. Sign in again."};
inline constexpr ErrorKind invalid_ticket{"auth.invalid_ticket", ErrorClass::unauthenticated, "The ticket is not valid, or was used."};
inline constexpr ErrorKind wrong_password{"wrong_password", ErrorClass::unprocessable, "This is not the current password."};

inline constexpr std::array all{&invalid_credentials, &too_many_failures, &invalid_refresh_token, &session_ended,
                                &invalid_ticket,      &wrong_password,    &too_similar,           &too_common,
                                &all_digits,          &invalid_token,     &token_expired,         &keys_unusable};

}  // namespace parley::auth::errors
