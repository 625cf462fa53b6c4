// SPDX-License-Identifier: Apache-2.0
#include "http/syntax.hpp"

#include <algorithm>

namespace parley::http {
namespace {

/// Where the quoted string (RFC 9110 section 5.6.4) at the start of `text` has its closing quote; npos if there is none or a control inside.
std::size_t closing_quote(std::string_view text) noexcept {
    bool escaped = false;
    for (std::size_t at = 1; at < text.size() && is(Bytes::field_value, text[at]); ++at) {
        if (text[at] == '"' && !escaped) return at;
        escaped = text[at] == '\\' && !escaped;
    }
    return std::string_view::npos;
}

}  // namespace

std::optional<Parameter> take_parameter(std::string_view& rest) noexcept {
    rest = trim(rest);
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos || !is_token(rest.substr(0, equals))) return std::nullopt;
    Parameter parameter{rest.substr(0, equals), {}};
    rest.remove_prefix(equals + 1);
    if (rest.starts_with('"')) {
        const auto end = closing_quote(rest);
        if (end == std::string_view::npos) return std::nullopt;
        parameter.value = rest.substr(1, end - 1);
        rest.remove_prefix(end + 1);
    } else {
        const auto end = static_cast<std::size_t>(std::ranges::find_if_not(rest, [](char byte) { return is(Bytes::token, byte); }) - rest.begin());
        if (end == 0) return std::nullopt;
        parameter.value = rest.substr(0, end);
        rest.remove_prefix(end);
    }
    rest = trim(rest);
    return parameter;
}

}  // namespace parley::http
