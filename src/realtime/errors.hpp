// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::realtime::errors {

inline constexpr ErrorKind bad_frame{"realtime.bad_frame", ErrorClass::malformed,
                                     "A frame is a JSON object with a type, and an id that is an integer or a text of at most 64 bytes."};
inline constexpr ErrorKind unknown_type{"realtime.unknown_type", ErrorClass::malformed, "There is no frame of this type."};
inline constexpr ErrorKind resync_required{"realtime.resync_required", ErrorClass::conflict,
                                           "These positions mean nothing here: read the conversations anew."};
inline constexpr ErrorKind too_many_sockets{"realtime.too_many_sockets", ErrorClass::too_many, "You have as many sockets open as one user may."};
inline constexpr ErrorKind foreign_origin{"realtime.foreign_origin", ErrorClass::forbidden, "Pages of this origin may not open sockets here."};
inline constexpr ErrorKind another_user{"realtime.another_user", ErrorClass::forbidden, "A socket stays with the user who opened it."};

inline constexpr std::array all{&bad_frame, &unknown_type, &resync_required, &too_many_sockets, &foreign_origin, &another_user};

}  // namespace parley::realtime::errors
