// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::files {

/// How much of a file's beginning is looked at.
inline constexpr std::size_t sniff_bytes = 64;

/// What a file is: by its first bytes where they say so; else what the uploader claimed, unless that is a type which would be shown in place and
/// which the bytes do not bear out; else application/octet-stream. `claimed` may be anything.
std::string media_type_of(std::string_view first_bytes, std::string_view claimed);

/// Types a browser may show in place: pictures, sound and film that run no script. Never HTML, SVG, XML or PDF (trust.md P25).
bool may_be_shown_inline(std::string_view media_type);

}  // namespace parley::files
