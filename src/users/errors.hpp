// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::users::errors {

inline constexpr ErrorKind invalid_username{"invalid_username", ErrorClass::unprocessable,
                                            "A username has only letters, digits and the characters _ . @ + and -."};
inline constexpr ErrorKind invalid_display_name{"invalid_display_name", ErrorClass::unprocessable,
                                                "A display name needs a visible character, and has no control characters or line breaks."};
inline constexpr ErrorKind invalid_email{"invalid_email", ErrorClass::unprocessable, "This is not a valid e-mail address."};

inline constexpr ErrorKind username_taken{"users.username_taken", ErrorClass::conflict, "This name, or one that looks like it, is taken."};
inline constexpr ErrorKind registration_closed{"users.registration_closed", ErrorClass::forbidden, "Nobody can sign up here."};
inline constexpr ErrorKind invite_required{"users.invite_required", ErrorClass::forbidden, "Signing up here needs an invitation."};

inline constexpr std::array all{&username_taken, &registration_closed, &invite_required, &invalid_username, &invalid_display_name, &invalid_email};

}  // namespace parley::users::errors
