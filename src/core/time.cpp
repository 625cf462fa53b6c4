// SPDX-License-Identifier: Apache-2.0
#include "core/time.hpp"

#include <fmt/format.h>
#include <array>

namespace parley {
namespace {

using std::chrono::year_month_day;

void put_digits(char* out, unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i) {
        out[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

/// Reads exactly `count` digits at `text[at]`, or gives -1.
int digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/// The fraction after the seconds, in microseconds; moves `at` past it. Nothing if there is a point and no digit.
std::optional<int> fraction_micros(std::string_view text, std::size_t& at) {
    if (at >= text.size() || text[at] != '.') return 0;
    int micros = 0, scale = 100'000;
    const auto first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) micros += (text[at] - '0') * scale;
    if (at == first || at - first > 12) return std::nullopt;
    return micros;
}

std::optional<std::chrono::minutes> offset_from_utc(std::string_view text) {
    if (text == "Z" || text == "z") return std::chrono::minutes{0};
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
    const int hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    const std::chrono::minutes offset{hours * 60 + minutes};
    return text[0] == '-' ? -offset : offset;
}

}  // namespace

void append_rfc3339(std::string& out, Timestamp at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const year_month_day date{day};
    const auto millis = static_cast<unsigned>(std::chrono::duration_cast<std::chrono::milliseconds>(at - day).count());
    char text[] = "0000-00-00T00:00:00.000Z";
    put_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    put_digits(text + 5, static_cast<unsigned>(date.month()), 2);
    put_digits(text + 8, static_cast<unsigned>(date.day()), 2);
    put_digits(text + 11, millis / 3'600'000, 2);
    put_digits(text + 14, millis / 60'000 % 60, 2);
    put_digits(text + 17, millis / 1000 % 60, 2);
    put_digits(text + 20, millis % 1000, 3);
    out.append(text, sizeof text - 1);
}

std::string format_rfc3339(Timestamp at) {
    std::string text;
    append_rfc3339(text, at);
    return text;
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
    if (text.size() < 20 || text.size() > 40 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
        text[16] != ':')
        return std::nullopt;
    const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (year < 1970 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
    const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    std::size_t at = 19;
    const auto micros = fraction_micros(text, at);
    if (!micros) return std::nullopt;
    const auto offset = offset_from_utc(text.substr(at));
    if (!offset) return std::nullopt;
    // A leap second (60) becomes the first second of the next minute, as the system's own clock has it.
    return Timestamp{std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} +
                     std::chrono::microseconds{*micros} - *offset};
}

std::string format_http_date(Timestamp at) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days.at(std::chrono::weekday{day}.c_encoding()), static_cast<unsigned>(date.day()),
                       months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

}  // namespace parley
