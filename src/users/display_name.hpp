// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::users {

/// A display name without the white space around it: 1 to 150 characters, one of them visible. No control characters, line or paragraph separators,
/// and nothing that reverses the text around it (bidi embeddings, overrides, isolates); marks that only give a direction may stay.
/// Errors: invalid_display_name, json's too_short (empty) and too_long.
Result<std::string> clean_display_name(std::string_view text);
/// The same for other names of one line, with up to `most_characters`.
Result<std::string> clean_line(std::string_view text, std::size_t most_characters);

/// Whether nothing of `text` (valid UTF-8) would be seen: only white space, control characters and characters without width.
bool is_blank(std::string_view text);

}  // namespace parley::users
