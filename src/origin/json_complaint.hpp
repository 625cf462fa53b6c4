// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace parley::origin {

/// What Python 3.11's json module says of a text that core/json refused: "Expecting value: line 1 column 1 (char 0)". Lines and columns count from 1,
/// characters from 0, in code points. Only for the sentence of an error; what the document holds, core/json decides.
std::string json_complaint(std::string_view text);

}  // namespace parley::origin
