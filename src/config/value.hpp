// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "core/json/fields.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How each type of setting is written and read, in the file, the environment and flags alike.
namespace parley::config {

/// `30s`, `15m`, `12h`, `10d`, `250ms`. Nothing for anything else, or for more than 100 years.
std::optional<Duration> parse_duration(std::string_view text);
std::string format_duration(Duration duration);

/// `512`, `64KiB`, `2GiB`. Nothing for anything else.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string format_size(std::uint64_t bytes);

inline bool parse_value(std::string_view text, std::string& out) {
    out = text;
    return true;
}
inline bool parse_value(std::string_view text, std::int64_t& out) {
    const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
    return end.ec == std::errc{} && end.ptr == text.data() + text.size() && out >= 0 && !text.empty();
}
inline bool parse_value(std::string_view text, std::uint64_t& out) {
    const auto size = parse_size(text);
    if (size) out = *size;
    return size.has_value();
}
inline bool parse_value(std::string_view text, Duration& out) {
    const auto duration = parse_duration(text);
    if (duration) out = *duration;
    return duration.has_value();
}
template <json::NamedEnum T>
bool parse_value(std::string_view text, T& out) {
    const auto value = json::named<T>(text);
    if (value) out = *value;
    return value.has_value();
}
/// A list from one text: items between commas, blanks around them dropped.
bool parse_value(std::string_view text, std::vector<std::string>& out);

/// The value as it stands in a TOML file.
std::string format_value(const std::string& value);
std::string format_value(const std::vector<std::string>& value);
inline std::string format_value(std::int64_t value) { return std::to_string(value); }
inline std::string format_value(std::uint64_t value) { return '"' + format_size(value) + '"'; }
inline std::string format_value(Duration value) { return '"' + format_duration(value) + '"'; }
template <json::NamedEnum T>
std::string format_value(T value) {
    return '"' + std::string{json::name_of(value)} + '"';
}

/// What a value of the setting looks like, for the sentence that refuses another: "a duration such as 30s, 15m or 10d".
template <class T>
std::string expected_form() {
    if constexpr (std::is_same_v<T, Duration>) return "a duration such as 30s, 15m or 10d";
    else if constexpr (std::is_same_v<T, std::uint64_t>) return "a size such as 512, 64KiB or 2GiB";
    else if constexpr (std::is_same_v<T, std::int64_t>) return "a number from 0";
    else if constexpr (std::is_same_v<T, std::vector<std::string>>) return "a list of texts";
    else if constexpr (json::NamedEnum<T>) {
        std::string names;
        for (const auto name : names_of(T{})) names += (names.empty() ? "one of " : ", ") + std::string{name};
        return names;
    } else return "a text";
}

}  // namespace parley::config
