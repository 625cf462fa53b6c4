// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log_row.hpp"
#include "chat/types.hpp"
#include "storage/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace parley::chat {

/// A durable event of a conversation, as it is told live.
struct EventRecorded final : storage::Announcement {
    EventRecorded(std::int64_t at, Event told, EventKind what, std::optional<UserId> about)
        : log_id(at),
          event(std::move(told)),
          kind(what),
          subject(about) {}

    const std::int64_t log_id;  // its place among all events, in the order of commits
    const Event event;
    const EventKind kind;
    const std::optional<UserId> subject;  // of member.*: the member
    std::string text;                     // of message.created: for the origin's socket
    bool carries_files = false;           // what it says of them changes with the clock
};

/// A member has read on: told to who is there now, and not kept.
struct ReadMarkMoved final : storage::Announcement {
    ReadMarkMoved(ConversationId where, UserId who, Seq how_far) : conversation(where), user(who), last_read_seq(how_far) {}

    const ConversationId conversation;
    const UserId user;
    const Seq last_read_seq;
};

}  // namespace parley::chat
