// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::groups::errors {

inline constexpr ErrorKind not_a_member{"chat.not_a_member", ErrorClass::forbidden, "You are not a member of this conversation."};
inline constexpr ErrorKind not_allowed{"groups.not_allowed", ErrorClass::forbidden, "Your role in this conversation does not allow this."};
inline constexpr ErrorKind role_above_own{"groups.role_above_own", ErrorClass::forbidden, "Nobody grants a role above their own."};
inline constexpr ErrorKind owners_only{"groups.owners_only", ErrorClass::forbidden, "Only an owner may change an owner."};
inline constexpr ErrorKind last_owner{"groups.last_owner", ErrorClass::conflict, "The last owner cannot leave or step down while others remain."};
inline constexpr ErrorKind name_taken{"groups.name_taken", ErrorClass::conflict, "A public group has this name already."};
inline constexpr ErrorKind invalid_name{"invalid_name", ErrorClass::unprocessable,
                                        "A group's name has 1 to 255 characters, not only blanks, and no control characters."};
inline constexpr ErrorKind with_oneself{"groups.with_oneself", ErrorClass::unprocessable, "A direct conversation needs somebody else."};
inline constexpr ErrorKind unknown_user{"users.unknown", ErrorClass::unprocessable, "There is no such user."};

inline constexpr std::array all{&not_a_member, &not_allowed,  &role_above_own, &owners_only, &last_owner,
                                &name_taken,   &invalid_name, &with_oneself,   &unknown_user};

}  // namespace parley::groups::errors
