// SPDX-License-Identifier: Apache-2.0
#include "users/display_name.hpp"

#include "users/errors.hpp"
#include "users/names.hpp"

#include "auth/python_text.hpp"
#include "core/json/errors.hpp"
#include "core/utf8.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <algorithm>
#include <cstdint>

namespace parley::users {
namespace {

constexpr bool reverses_text(char32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

bool breaks_line(char32_t c) {
    const auto type = u_charType(static_cast<UChar32>(c));
    return type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR;
}

bool is_invisible(char32_t c) {
    if (c < 0x7F) return c <= U' ';
    constexpr char32_t braille_blank = 0x2800;  // no white space by its properties, but drawn as one
    const auto point = static_cast<UChar32>(c);
    const auto type = u_charType(point);
    return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || u_isUWhiteSpace(point) || c == braille_blank ||
           u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

}  // namespace

Result<std::string> clean_display_name(std::string_view text) { return clean_line(text, max_name_length); }

Result<std::string> clean_line(std::string_view text, std::size_t most_characters) {
    if (text.empty()) return fail(json::errors::too_short);
    if (!is_utf8(text)) return fail(errors::invalid_display_name);
    const auto points = auth::python::code_points(text);
    if (std::ranges::any_of(points, breaks_line) || std::ranges::any_of(points, reverses_text)) return fail(errors::invalid_display_name);
    const auto name = auth::python::strip(points);
    if (name.size() > most_characters) return fail(json::errors::too_long);
    if (std::ranges::all_of(name, is_invisible)) return fail(errors::invalid_display_name);
    return auth::python::utf8(name);
}

bool is_blank(std::string_view text) {
    // Every message is asked: nothing is copied, and most are known by their first character.
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < size;) {
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(text.data(), at, size, c);
        if (!is_invisible(static_cast<char32_t>(c))) return false;
    }
    return true;
}

}  // namespace parley::users
