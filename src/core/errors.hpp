// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::errors {

inline constexpr ErrorKind overloaded{"overloaded", ErrorClass::unavailable, "The server is busy. Try again in a moment."};
inline constexpr ErrorKind internal{"internal", ErrorClass::internal, "Something went wrong here. The request id helps to find out what."};

inline constexpr std::array all{&overloaded, &internal};

}  // namespace parley::errors
