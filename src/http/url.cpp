// SPDX-License-Identifier: Apache-2.0
#include "http/url.hpp"

#include "core/encoding.hpp"
#include "core/utf8.hpp"
#include "http/errors.hpp"
#include "http/syntax.hpp"

#include <algorithm>

namespace parley::http {
namespace {

constexpr auto npos = std::string_view::npos;

/// The text before the next `separator`, or all of it; `rest` begins behind the separator then.
std::string_view take_piece(char separator, std::string_view& rest) noexcept {
    const auto end = std::min(rest.find(separator), rest.size());
    const auto piece = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return piece;
}

/// Whether what a segment decodes to is one plain name.
bool is_plain(std::string_view decoded) noexcept {
    const auto harmless = [](char byte) { return static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7F && byte != '/' && byte != '\\'; };
    return !decoded.empty() && decoded != "." && decoded != ".." && std::ranges::all_of(decoded, harmless);
}

bool is_named(std::string_view encoded, std::string_view name) {
    if (encoded.find_first_of("%+") == npos) return encoded == name;
    return percent_decode(encoded, true) == name;
}

}  // namespace

Target split_target(std::string_view target) noexcept {
    const auto question = target.find('?');
    return {target.substr(0, question), question == npos ? std::string_view{} : target.substr(question + 1)};
}

Result<void> Path::decode(std::string_view path) {
    segments_.clear();
    decoded_.clear();
    decoded_.reserve(path.size());  // views into it must not move
    if (!path.starts_with('/')) return fail(errors::bad_path);
    trailing_slash_ = path.size() > 1 && path.ends_with('/');
    for (path.remove_prefix(1); !path.empty();) {
        TRY(const auto segment, decode_segment(take_piece('/', path)));
        if (segments_.size() == max_segments) return fail(errors::bad_path, "The path has too many segments.");
        segments_.push_back(segment);
    }
    return {};
}

Result<std::string_view> Path::decode_segment(std::string_view segment) {
    if (segment.find('%') == npos) {
        if (!is_plain(segment) || !all(Bytes::target, segment)) return fail(errors::bad_path);
        return segment;
    }
    const auto decoded = percent_decode(segment);
    if (!decoded || !is_plain(*decoded) || !is_utf8(*decoded)) return fail(errors::bad_path);
    const auto at = decoded_.size();
    decoded_ += *decoded;
    return std::string_view{decoded_}.substr(at);
}

Result<std::optional<QueryValue>> find_query(std::string_view query, std::string_view name) {
    std::optional<QueryValue> found;
    while (!query.empty()) {
        auto pair = take_piece('&', query);
        if (!is_named(take_piece('=', pair), name)) continue;
        if (found) {
            found->repeated = true;
            break;
        }
        auto value = percent_decode(pair, true);
        if (!value || value->size() > max_query_value_bytes || !is_utf8(*value) || value->find('\0') != npos) return fail(errors::bad_query);
        found.emplace(std::move(*value));
    }
    return found;
}

}  // namespace parley::http
