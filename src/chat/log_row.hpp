// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::chat {

/// What happened. The numbers are stored: never change one.
enum class EventKind : std::uint8_t {
    message_created = 1,
    message_edited = 2,
    message_deleted = 3,
    reaction_added = 4,
    reaction_removed = 5,
    message_pinned = 6,
    message_unpinned = 7,
    member_joined = 8,
    member_left = 9,
    member_role_changed = 10,
    conversation_updated = 11,
    conversation_deleted = 12,
    file_expired = 13,
    file_deleted = 14,
};

std::string_view event_name(EventKind kind) noexcept;

/// What a message has beyond its row, so that a page without reactions and files asks for none.
struct MessageFlags {
    static constexpr std::int64_t files = 1, reactions = 2, pinned = 4;
};

/// One event as it is stored; a message is the row of its message.created. Which columns an event uses: migrations/0005_create_log.sqlite.sql.
struct LogRow {
    std::int64_t id = 0;
    ConversationId conversation;
    Seq seq = 0;
    std::int64_t kind = 0;
    Timestamp at;
    std::optional<UserId> actor;
    std::int64_t ordinal = 0;
    std::optional<Seq> target_seq;
    std::optional<std::int64_t> subject;
    std::optional<std::string> text;
    std::optional<std::string> client_id;
    std::optional<std::string> mentions;
    std::int64_t flags = 0;
    std::optional<Timestamp> edited_at;
    std::optional<Timestamp> deleted_at;
    std::optional<std::string> original_fingerprint;

    EventKind event_kind() const noexcept { return static_cast<EventKind>(kind); }
    bool is_message() const noexcept { return event_kind() == EventKind::message_created; }
};

/// What there is to know of an event without reading it.
struct EventOutline {
    std::int64_t id = 0;
    Seq seq = 0;
    std::int64_t kind = 0;
    std::optional<std::int64_t> subject;

    EventKind event_kind() const noexcept { return static_cast<EventKind>(kind); }
};

}  // namespace parley::chat
