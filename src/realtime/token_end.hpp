// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/caller.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace parley::realtime {

/// When to look next whether the access token of a socket has ended; nothing if it has. It ends by the calendar, which may jump: so a far end is
/// looked at every minute.
inline std::optional<std::chrono::milliseconds> next_look_at_token(const Caller& caller, Timestamp now) {
    constexpr std::chrono::milliseconds longest_look{60'000};
    if (now >= caller.token_expires_at) return std::nullopt;
    return std::min(std::chrono::ceil<std::chrono::milliseconds>(caller.token_expires_at - now), longest_look);
}

}  // namespace parley::realtime
