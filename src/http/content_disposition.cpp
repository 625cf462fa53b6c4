// SPDX-License-Identifier: Apache-2.0
#include "http/content_disposition.hpp"

#include "core/encoding.hpp"
#include "core/utf8.hpp"
#include "http/errors.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <array>

namespace parley::http {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t max_extension_bytes = 16;  // with its dot; a longer one is no extension but a part of the name

constexpr bool is_continuation(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

/// "%" as well: some browsers decode it in a plain filename (RFC 6266 appendix D).
constexpr bool fits_quoted_ascii(char byte) noexcept { return byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\' && byte != '%'; }

std::string ascii_fallback(std::string_view name) {
    std::string fallback;
    for (const char byte : name) {
        if (fits_quoted_ascii(byte)) fallback += byte;
        else if (!is_continuation(byte)) fallback += '_';  // one for each character, not for each of its bytes
    }
    return fallback;
}

/// C0, DEL and C1 (U+0080 to U+009F, which UTF-8 spells C2 80 to C2 9F).
bool holds_control(std::string_view utf8) noexcept {
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x20 || byte == 0x7F) return true;
        if (byte == 0xC2 && static_cast<unsigned char>(utf8[i + 1]) < 0xA0) return true;
    }
    return false;
}

/// The marks of Unicode's bidirectional algorithm (UAX 9 section 2), of which a name needs none: U+061C, U+200E, U+200F, U+202A to U+202E,
/// U+2066 to U+2069.
std::string without_direction_marks(std::string_view utf8) {
    static constexpr std::array<std::string_view, 12> marks{"\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C",
                                                            "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"};
    std::string plain;
    while (!utf8.empty()) {
        const auto mark = std::ranges::find_if(marks, [&](std::string_view each) { return utf8.starts_with(each); });
        if (mark == marks.end()) plain += utf8.front();
        utf8.remove_prefix(mark == marks.end() ? 1 : mark->size());
    }
    return plain;
}

/// What follows the last slash of either kind, and a drive letter (`C:x` is a path without a slash).
std::string_view last_path_part(std::string_view name) noexcept {
    const auto slash = name.find_last_of("/\\");
    if (slash != npos) name.remove_prefix(slash + 1);
    while (name.size() >= 2 && name[1] == ':' && to_lower(name[0]) >= 'a' && to_lower(name[0]) <= 'z') name.remove_prefix(2);
    return name;
}

std::string_view without_trailing(std::string_view bytes, std::string_view name) noexcept {
    const auto last = name.find_last_not_of(bytes);
    return name.substr(0, last == npos ? 0 : last + 1);
}

/// At most `bytes` of a longer text, cut between two characters.
std::string_view shortened(std::string_view utf8, std::size_t bytes) noexcept {
    while (is_continuation(utf8[bytes])) --bytes;
    return utf8.substr(0, bytes);
}

std::string limited(std::string_view name) {
    if (name.size() <= max_file_name_bytes) return std::string{name};
    const auto dot = name.rfind('.');
    const auto extension = dot != npos && name.size() - dot <= max_extension_bytes ? name.substr(dot) : std::string_view{};
    const auto stem = shortened(name.substr(0, name.size() - extension.size()), max_file_name_bytes - extension.size());
    return std::string{without_trailing(extension.empty() ? ". " : "", stem)} + std::string{extension};
}

}  // namespace

std::string content_disposition(Disposition disposition, std::string_view file_name) {
    std::string value = disposition == Disposition::attachment ? "attachment" : "inline";
    value += "; filename=\"" + ascii_fallback(file_name) + '"';
    // percent_encode leaves RFC 3986's unreserved characters, all of which RFC 8187 section 3.2.1 has among its attr-char.
    if (!std::ranges::all_of(file_name, fits_quoted_ascii)) value += "; filename*=UTF-8''" + percent_encode(file_name);
    return value;
}

Result<std::string> clean_file_name(std::string_view name) {
    if (!is_utf8(name)) return fail(errors::invalid_file_name, "A file's name must be valid UTF-8.");
    if (holds_control(name)) return fail(errors::invalid_file_name, "A file's name must not hold control characters.");
    const auto plain = without_direction_marks(name);
    auto shown = limited(without_trailing(". ", last_path_part(plain)));
    if (shown.empty()) return fail(errors::invalid_file_name, "A file's name must not be empty.");
    return shown;
}

}  // namespace parley::http
