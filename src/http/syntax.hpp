// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

/// The words of HTTP's grammar that the parsers of this folder share.
namespace parley::http {

/// What a byte may be part of; most bytes may be part of several.
enum class Bytes : std::uint8_t {
    token = 1,        // RFC 9110 section 5.6.2, tchar
    field_value = 2,  // RFC 9110 section 5.5: visible bytes, obs-text, space and tab
    target = 4,       // RFC 3986 but for "%" and "#": pchar, "/", "?", and the brackets of an IPv6 host, which browsers leave bare elsewhere too
    host = 8,         // letters, digits, "-", "." and "_": all that names a host; see parse_host
    boundary = 16,    // RFC 2046 section 5.1.1, bcharsnospace
    etag = 32,        // RFC 9110 section 8.8.3, etagc
};

namespace detail {

consteval std::array<std::uint8_t, 256> make_byte_table() {
    std::array<std::uint8_t, 256> table{};
    const auto add = [&](std::string_view bytes, Bytes kind) {
        for (const char byte : bytes) table[static_cast<unsigned char>(byte)] |= std::to_underlying(kind);
    };
    constexpr std::string_view alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (const auto kind : {Bytes::token, Bytes::target, Bytes::host, Bytes::boundary}) add(alphanumeric, kind);
    add("!#$%&'*+-.^_`|~", Bytes::token);
    add("-._~!$&'()*+,;=:@/?[]", Bytes::target);
    add("-._", Bytes::host);
    add("'()+_,-./:=?", Bytes::boundary);
    for (unsigned byte = 0; byte < table.size(); ++byte) {
        const bool visible_or_obs_text = byte > 0x20 && byte != 0x7F;
        if (visible_or_obs_text || byte == ' ' || byte == '\t') table[byte] |= std::to_underlying(Bytes::field_value);
        if (visible_or_obs_text && byte != '"') table[byte] |= std::to_underlying(Bytes::etag);
    }
    return table;
}

inline constexpr auto byte_table = make_byte_table();

}  // namespace detail

constexpr bool is(Bytes kind, char byte) noexcept { return (detail::byte_table[static_cast<unsigned char>(byte)] & std::to_underlying(kind)) != 0; }

/// Whether every byte of `text` is of this kind; so it is of an empty text. No way out of the loop before its end: the bytes of a head are
/// nearly always right, and without the branch this runs at about a byte a cycle.
constexpr bool all(Bytes kind, std::string_view text) noexcept {
    auto kinds = std::to_underlying(kind);
    for (const char byte : text) kinds &= detail::byte_table[static_cast<unsigned char>(byte)];
    return kinds != 0;
}

/// RFC 9110 section 5.6.2: at least one tchar and nothing else.
constexpr bool is_token(std::string_view text) noexcept { return !text.empty() && all(Bytes::token, text); }

constexpr char to_lower(char byte) noexcept { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte; }

/// Whether `text` is `lower_case` but for the case of ASCII letters.
constexpr bool equal_ignoring_case(std::string_view text, std::string_view lower_case) noexcept {
    if (text.size() != lower_case.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (to_lower(text[i]) != lower_case[i]) return false;
    }
    return true;
}

/// Without the optional whitespace (RFC 9110 section 5.6.3: spaces and tabs) at both ends.
constexpr std::string_view trim(std::string_view text) noexcept {
    const auto is_blank = [](char byte) { return byte == ' ' || byte == '\t'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Takes the text before the next `separator`, or all of it, off `rest`; without optional whitespace.
constexpr std::string_view take_until(char separator, std::string_view& rest) noexcept {
    const auto end = rest.find(separator);
    const auto member = trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return member;
}

/// Whether the comma-separated list of a field such as Connection or Upgrade names `lower_case` (RFC 9110 section 5.6.1).
constexpr bool list_names(std::string_view list, std::string_view lower_case) noexcept {
    while (!list.empty()) {
        if (equal_ignoring_case(take_until(',', list), lower_case)) return true;
    }
    return false;
}

/// A parameter such as `boundary=x` or `filename="a b"` (RFC 9110 section 5.6.6).
struct Parameter {
    std::string_view name;
    std::string_view value;  // of a quoted string what stands between the quotes, backslashes still in it
};

/// Takes a parameter and the optional whitespace around it off `rest`, which then is empty or begins with whatever separates parameters here.
/// Nothing if there is no well-formed one.
std::optional<Parameter> take_parameter(std::string_view& rest) noexcept;

/// The parameters behind a media type or a disposition: `; a=b; c="d"`, empty ones left out. Calls `use(Parameter)` for each, which
/// returns whether it may go on. False if it may not, or if the text is not well-formed.
template <class Use>
bool for_each_parameter(std::string_view text, Use&& use) {
    for (text = trim(text); !text.empty(); text = trim(text)) {
        if (text.front() != ';') return false;
        text = trim(text.substr(1));
        if (text.empty() || text.front() == ';') continue;
        const auto parameter = take_parameter(text);
        if (!parameter || !use(*parameter)) return false;
    }
    return true;
}

}  // namespace parley::http
