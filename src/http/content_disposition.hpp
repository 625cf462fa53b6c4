// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::http {

enum class Disposition : std::uint8_t { attachment, inlined };

/// The value of Content-Disposition (RFC 6266) for a name that `clean_file_name` gave: `attachment; filename="a.txt"`, and where ASCII is not
/// enough also `filename*=UTF-8''...` (RFC 8187), which every browser prefers. Whatever the name, the value is printable ASCII and its quoted
/// string holds neither quote nor backslash.
std::string content_disposition(Disposition disposition, std::string_view file_name);

inline constexpr std::size_t max_file_name_bytes = 255;

/// The name under which a file is shown and downloaded, made of the one a client sent: path parts and drive letters are cut off, so are blanks
/// and dots at the end (Windows drops them, and the extension would change), marks that reorder text are taken out (`exe.gpj` with U+202E shows
/// as a picture), and a name above 255 bytes is shortened before its extension. Names that mean something to a shell or to Windows (`-rf`,
/// `.htaccess`, `CON`) stay: a file's content is stored under a random name and this one never reaches a file system of ours.
/// Error: invalid_file_name, for what is empty then, or holds control characters or invalid UTF-8.
Result<std::string> clean_file_name(std::string_view name);

}  // namespace parley::http
