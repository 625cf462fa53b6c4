// SPDX-License-Identifier: Apache-2.0
#include "origin/form.hpp"

#include "auth/python_text.hpp"
#include "core/encoding.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace parley::origin {
namespace {

/// The byte that two hex digits stand for.
std::optional<char> escaped_byte(std::string_view digits) {
    unsigned value = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || code != std::errc{} || end != digits.data() + 2) return std::nullopt;
    return static_cast<char>(value);
}

std::string unquote(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto escaped = text[i] == '%' ? escaped_byte(text.substr(i + 1, 2)) : std::nullopt;
        if (escaped) i += 2;
        bytes += escaped.value_or(text[i] == '+' ? ' ' : text[i]);
    }
    return replace_invalid_utf8(bytes);
}

std::string quote(std::string_view text) {
    auto quoted = percent_encode(text);
    for (auto at = quoted.find("%20"); at != std::string::npos; at = quoted.find("%20", at + 1)) quoted.replace(at, 3, "+");
    return quoted;
}

}  // namespace

std::optional<FormPairs> parse_form(std::string_view text) {
    FormPairs pairs;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        if (pairs.size() == most_form_fields) return std::nullopt;
        const auto equals = std::min(pair.find('='), pair.size());
        pairs.emplace_back(unquote(pair.substr(0, equals)), unquote(pair.substr(std::min(equals + 1, pair.size()))));
    }
    return pairs;
}

std::string encode_form(const FormPairs& pairs) {
    std::string text;
    for (const auto& [name, value] : pairs) {
        if (!text.empty()) text += '&';
        text += quote(name) + '=' + quote(value);
    }
    return text;
}

std::string replace_invalid_utf8(std::string_view bytes) {
    return is_utf8(bytes) ? std::string{bytes} : auth::python::utf8(auth::python::code_points(bytes));
}

}  // namespace parley::origin
