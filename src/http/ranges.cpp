// SPDX-License-Identifier: Apache-2.0
#include "http/ranges.hpp"

#include "http/syntax.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace parley::http {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view unit = "bytes=";

/// A number of any length; what does not fit is beyond the end of every file, and so is the largest that does. Nothing if there is no digit.
std::optional<std::uint64_t> read_position(std::string_view digits) noexcept {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    if (digits.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return std::nullopt;
        const auto next = static_cast<std::uint64_t>(digit - '0');
        value = value > (most - next) / 10 ? most : value * 10 + next;
    }
    return value;
}

/// RFC 9110 section 14.1.2: the last bytes of the file.
RangeAnswer suffix(std::uint64_t bytes, std::uint64_t size) noexcept {
    if (bytes == 0) return Unsatisfiable{};
    if (size == 0) return WholeFile{};  // satisfiable, but 206 has no way to tell an empty part
    return ByteRange{size - std::min(bytes, size), size - 1};
}

/// Takes an entity tag (RFC 9110 section 8.8.3) off a list and gives its opaque part, with the quotes. Nothing if there is none.
std::optional<std::string_view> take_tag(std::string_view& list) noexcept {
    if (list.starts_with("W/")) list.remove_prefix(2);
    const auto end = list.starts_with('"') ? list.find('"', 1) : npos;
    if (end == npos || !all(Bytes::etag, list.substr(1, end - 1))) return std::nullopt;
    const auto tag = list.substr(0, end + 1);
    list = trim(list.substr(end + 1));
    if (!list.empty() && list.front() != ',') return std::nullopt;
    return tag;
}

std::string_view opaque(std::string_view etag) noexcept { return etag.starts_with("W/") ? etag.substr(2) : etag; }

}  // namespace

RangeAnswer parse_range(std::string_view range, std::uint64_t size) noexcept {
    if (!equal_ignoring_case(range.substr(0, unit.size()), unit)) return WholeFile{};
    range.remove_prefix(unit.size());
    const auto dash = range.find('-');
    if (dash == npos) return WholeFile{};
    const auto first = read_position(range.substr(0, dash));
    const auto last = read_position(range.substr(dash + 1));
    if (dash == 0) return last ? suffix(*last, size) : WholeFile{};
    if (!first || (!last && dash + 1 != range.size())) return WholeFile{};
    if (last && *last < *first) return WholeFile{};  // RFC 9110 section 14.1.2: invalid, not merely unsatisfiable
    if (*first >= size) return Unsatisfiable{};
    return ByteRange{*first, std::min(last.value_or(size - 1), size - 1)};
}

bool if_range_holds(std::string_view if_range, std::string_view etag) noexcept { return if_range.starts_with('"') && if_range == etag; }

bool if_none_match_names(std::string_view if_none_match, std::string_view etag) noexcept {
    if (if_none_match == "*") return true;
    while (!if_none_match.empty()) {
        if (if_none_match.front() != ',') {
            const auto tag = take_tag(if_none_match);
            if (!tag) return false;
            if (*tag == opaque(etag)) return true;
        }
        if (!if_none_match.empty()) if_none_match = trim(if_none_match.substr(1));
    }
    return false;
}

}  // namespace parley::http
