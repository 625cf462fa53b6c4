// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::errors {

inline constexpr ErrorKind overloaded{"overloaded", ErrorClass::unavailable, "The server is busy. Try again in a moment."};
inline constexpr ErrorKind internal{"internal", ErrorClass::internal, "Something went wrong here. The request id helps to find out what."};
/// Of whatever is absent or not to be seen by the caller: the same answer for both.
inline constexpr ErrorKind not_found{"not_found", ErrorClass::not_found, "There is nothing here, or nothing you may see."};

inline constexpr std::array all{&overloaded, &internal, &not_found};

}  // namespace parley::errors
