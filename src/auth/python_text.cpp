// SPDX-License-Identifier: Apache-2.0
#include "auth/python_text.hpp"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>
#include <algorithm>
#include <cstdint>

namespace parley::auth::python {
namespace {

std::u32string code_points_of(const icu::UnicodeString& text) {
    std::u32string points;
    points.reserve(static_cast<std::size_t>(text.length()));
    for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) points += static_cast<char32_t>(text.char32At(at));
    return points;
}

icu::UnicodeString utf16(std::string_view text) { return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}); }

int numeric_type(char32_t c) { return u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_NUMERIC_TYPE); }

}  // namespace

std::u32string code_points(std::string_view text) {
    std::u32string points;
    points.reserve(text.size());
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < size;) {
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(text.data(), at, size, c);
        points += static_cast<char32_t>(c);
    }
    return points;
}

std::string utf8(std::u32string_view points) {
    icu::UnicodeString text;
    for (const char32_t c : points) text.append(static_cast<UChar32>(c));
    std::string out;
    return text.toUTF8String(out);
}

std::size_t length(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_word(char32_t c) { return u_isalpha(static_cast<UChar32>(c)) || numeric_type(c) != U_NT_NONE || c == U'_'; }

bool is_digit(char32_t c) { return numeric_type(c) == U_NT_DECIMAL || numeric_type(c) == U_NT_DIGIT; }

bool is_space(char32_t c) {
    // CPython, Tools/unicode/makeunicodedata.py: category Zs, or one of the bidirectional classes WS, B, S.
    const auto point = static_cast<UChar32>(c);
    const auto direction = u_charDirection(point);
    return u_charType(point) == U_SPACE_SEPARATOR || direction == U_WHITE_SPACE_NEUTRAL || direction == U_BLOCK_SEPARATOR ||
           direction == U_SEGMENT_SEPARATOR;
}

std::u32string lower(std::string_view text) { return code_points_of(utf16(text).toLower(icu::Locale::getRoot())); }

std::u32string_view strip(std::u32string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::vector<std::u32string_view> words(std::u32string_view text) {
    std::vector<std::u32string_view> parts;
    for (auto rest = text;;) {
        const auto end = std::ranges::find_if_not(rest, is_word);
        parts.emplace_back(rest.begin(), end);
        if (end == rest.end()) return parts;
        rest = {std::find_if(end, rest.end(), is_word), rest.end()};
    }
}

}  // namespace parley::auth::python
