// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace parley::http {

struct WholeFile {
    friend bool operator==(WholeFile, WholeFile) = default;
};
struct ByteRange {
    std::uint64_t first, last;  // both inclusive, first <= last < size

    std::uint64_t size() const noexcept { return last - first + 1; }
    friend bool operator==(ByteRange, ByteRange) = default;
};
/// To be answered by 416 with `Content-Range: bytes */size`.
struct Unsatisfiable {
    friend bool operator==(Unsatisfiable, Unsatisfiable) = default;
};
using RangeAnswer = std::variant<WholeFile, ByteRange, Unsatisfiable>;

/// What the value of a Range field asks of a file of `size` bytes (RFC 9110 section 14.2). One range of bytes is honoured; several, another
/// unit, or what cannot be read gets the whole file: the field is a wish, and answering several in parts is how one request becomes a thousand.
RangeAnswer parse_range(std::string_view range, std::uint64_t size) noexcept;

/// Whether Range is to be honoured under the value of If-Range: only the very same strong tag says that the client has a part of this file
/// (RFC 9110 section 13.1.5). Dates never do: two files may be of one second. `etag` with its quotes, as in ETag.
bool if_range_holds(std::string_view if_range, std::string_view etag) noexcept;

/// Whether the client has the file already: 304 for GET and HEAD. Weak comparison, "*", lists (RFC 9110 section 13.1.2). A value that cannot be
/// read names no tag from there on.
bool if_none_match_names(std::string_view if_none_match, std::string_view etag) noexcept;

}  // namespace parley::http
