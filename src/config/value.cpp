// SPDX-License-Identifier: Apache-2.0
#include "config/value.hpp"

#include "core/json/writer.hpp"

#include <array>
#include <span>
#include <utility>

namespace parley::config {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};
constexpr std::array<Unit, 5> time_units{{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::array<Unit, 5> size_units{{{"TiB", 1024 * GiB}, {"GiB", GiB}, {"MiB", MiB}, {"KiB", KiB}, {"", 1}}};

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units, std::uint64_t most) {
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc{}) return std::nullopt;
    const std::string_view name{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    for (const auto& unit : units) {
        if (unit.name == name && number <= most / unit.factor) return number * unit.factor;
    }
    return std::nullopt;
}

std::string format_with_unit(std::uint64_t value, std::span<const Unit> units) {
    for (const auto& unit : units) {
        if (value != 0 && value % unit.factor == 0) return std::to_string(value / unit.factor) + std::string{unit.name};
    }
    return std::to_string(value) + std::string{units.back().name};
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    constexpr std::uint64_t hundred_years_ms = 36'525ULL * 86'400'000ULL;
    const auto millis = parse_with_unit(text, time_units, hundred_years_ms);
    if (!millis) return std::nullopt;
    return Duration{static_cast<std::int64_t>(*millis)};
}

std::string format_duration(Duration duration) { return format_with_unit(static_cast<std::uint64_t>(duration.count()), time_units); }
std::optional<std::uint64_t> parse_size(std::string_view text) { return parse_with_unit(text, size_units, std::uint64_t{1} << 62U); }
std::string format_size(std::uint64_t bytes) { return format_with_unit(bytes, size_units); }

bool parse_value(std::string_view text, std::vector<std::string>& out) {
    out.clear();
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto item = trimmed(text.substr(0, comma));
        if (!item.empty()) out.emplace_back(item);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return true;
}

std::string format_value(const std::string& value) {
    std::string quoted;
    json::append_string(quoted, value);  // JSON's escapes are a part of TOML's basic strings
    return quoted;
}

std::string format_value(const std::vector<std::string>& value) {
    std::string list = "[";
    for (const auto& item : value) list += (list.size() > 1 ? ", " : "") + format_value(item);
    return list + "]";
}

}  // namespace parley::config
