// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

struct Target {
    std::string_view path;
    std::string_view query;  // without its "?"; no query and an empty one are the same
};
Target split_target(std::string_view target) noexcept;

/// The segments of a path, decoded; `/api/v1/` has two and a trailing slash. What could name another file or route than it seems to is refused,
/// whether percent-encoded or not: dot segments, empty segments, slashes and backslashes inside a segment, controls, NUL, invalid UTF-8.
class Path {
public:
    static constexpr std::size_t max_segments = 32;

    Path() = default;
    Path(const Path&) = delete;
    Path& operator=(const Path&) = delete;

    /// Reads another path; the buffers are used again. Error: bad_path.
    Result<void> decode(std::string_view path);

    /// Valid until the next `decode`, and as long as the bytes of the path last: what needs no decoding is not copied.
    std::span<const std::string_view> segments() const noexcept { return segments_; }
    /// Means the same as without it in the API (api.md section 1), and decides a redirect on the origin's routes. False for "/" itself.
    bool trailing_slash() const noexcept { return trailing_slash_; }

private:
    Result<std::string_view> decode_segment(std::string_view segment);

    std::vector<std::string_view> segments_;
    std::string decoded_;
    bool trailing_slash_ = false;
};

struct QueryValue {
    std::string value;      // decoded, valid UTF-8 without NUL
    bool repeated = false;  // the name stands there again, with this or another value
};
inline constexpr std::size_t max_query_value_bytes = 4096;

/// The first value of the parameter `name` of a query in form encoding ("+" is a space). Work is linear in the query; other parameters are not
/// judged. Error: bad_query, if the value is too long or is no text.
Result<std::optional<QueryValue>> find_query(std::string_view query, std::string_view name);

}  // namespace parley::http
