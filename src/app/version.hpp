// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace parley::app {

/// As CMakeLists.txt has it.
inline constexpr std::string_view version = PARLEY_VERSION;

}  // namespace parley::app
