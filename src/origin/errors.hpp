// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

/// What only the origin's routes answer. The sentences are those of Django REST framework 3.14 and SimpleJWT 5.2, which the origin's clients know.
namespace parley::origin::errors {

/// Each broken field's own sentence stands in the FieldError; the pointer "" is the body as a whole.
inline constexpr ErrorKind invalid_field{"origin.invalid_field", ErrorClass::malformed, "Invalid input."};
inline constexpr ErrorKind parse_error{"origin.parse_error", ErrorClass::malformed, "Malformed request."};
inline constexpr ErrorKind unsupported_media_type{"origin.unsupported_media_type", ErrorClass::unsupported_type,
                                                  "Unsupported media type in request."};
inline constexpr ErrorKind no_active_account{"origin.no_active_account", ErrorClass::unauthenticated,
                                             "No active account found with the given credentials"};
inline constexpr ErrorKind token_not_valid{"token_not_valid", ErrorClass::unauthenticated, "Token is invalid or expired"};
/// Of the socket.
inline constexpr ErrorKind bad_frame{"origin.bad_frame", ErrorClass::malformed, "A frame is a JSON object whose message is a text."};

inline constexpr std::array all{&invalid_field, &parse_error, &unsupported_media_type, &no_active_account, &token_not_valid, &bad_frame};

}  // namespace parley::origin::errors
