// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace parley::json {

/// A JSON text of ours without blanks, as people read it: a member or item a line, two blanks a level, a line end behind the last bracket.
/// `compact` is well-formed; nothing is checked.
std::string pretty(std::string_view compact);

}  // namespace parley::json
