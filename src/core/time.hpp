// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

/// A moment in UTC, in microseconds since 1970-01-01: what is stored and compared. Shown to clients with milliseconds.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// A moment for measuring how long something took; no relation to the calendar.
using Moment = std::chrono::steady_clock::time_point;

using namespace std::chrono_literals;

/// `2026-11-22T18:07:00.123Z` (RFC 3339, UTC, milliseconds, cut off and not rounded). Years 0001 to 9999.
std::string format_rfc3339(Timestamp at);
void append_rfc3339(std::string& out, Timestamp at);

/// Reads any RFC 3339 date-time with an offset or Z; digits below the microsecond are dropped. Nothing for everything else, years before 1970
/// included.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

/// `Sun, 22 Nov 2026 18:07:00 GMT`: IMF-fixdate (RFC 9110 section 5.6.7).
std::string format_http_date(Timestamp at);

inline std::int64_t to_micros(Timestamp at) { return at.time_since_epoch().count(); }
inline Timestamp from_micros(std::int64_t micros) { return Timestamp{std::chrono::microseconds{micros}}; }

}  // namespace parley
