// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace parley {

/// Ids and positions are below 2^53, so that every JSON reader keeps them exact (RFC 8259 section 6).
inline constexpr std::int64_t max_id = (std::int64_t{1} << 53) - 1;

/// A positive integer below 2^53 that names one thing for ever. `Tag` keeps a user's id from being taken for a group's.
template <class Tag>
struct Id {
    std::int64_t value = 0;

    constexpr explicit operator bool() const noexcept { return value != 0; }
    friend constexpr auto operator<=>(Id, Id) = default;
};

using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using ConversationId = Id<struct ConversationTag>;
using FileId = Id<struct FileTag>;

/// A position in one conversation's log: 1, 2, 3, … without gaps; 0 stands before the first event.
using Seq = std::int64_t;

}  // namespace parley

template <class Tag>
struct std::hash<parley::Id<Tag>> {
    std::size_t operator()(parley::Id<Tag> id) const noexcept {
        // Ids are dense; multiplying by 2^64 over the golden ratio spreads them over the buckets.
        return static_cast<std::size_t>(static_cast<std::uint64_t>(id.value) * 0x9E3779B97F4A7C15U);
    }
};
