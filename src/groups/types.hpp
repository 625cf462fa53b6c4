// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::groups {

enum class ConversationKind : std::uint8_t { direct, group };
constexpr auto names_of(ConversationKind) { return std::array<std::string_view, 2>{"direct", "group"}; }

enum class Visibility : std::uint8_t { public_group, private_group };
constexpr auto names_of(Visibility) { return std::array<std::string_view, 2>{"public", "private"}; }

/// What a member may do, most first. A guest reads and writes and changes nothing else.
enum class Role : std::uint8_t { owner, admin, member, guest };
constexpr auto names_of(Role) { return std::array<std::string_view, 4>{"owner", "admin", "member", "guest"}; }

/// A conversation as it is stored. What its log's memory knows better (last_*) is chat::Log's to say.
struct ConversationRow {
    ConversationId id;
    ConversationKind kind = ConversationKind::group;
    std::string name;
    std::string description;
    Visibility visibility = Visibility::private_group;
    std::int64_t member_count = 0;
    Timestamp created_at;
};

struct Membership {
    ConversationId conversation;
    UserId user;
    Role role = Role::member;
    Seq last_read_seq = 0;
    std::int64_t last_read_ordinal = 0;
    std::optional<Timestamp> muted_until;
    Timestamp joined_at;
};

}  // namespace parley::groups
