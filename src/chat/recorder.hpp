// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log.hpp"
#include "chat/types.hpp"
#include "groups/types.hpp"
#include "storage/transaction.hpp"

#include <optional>
#include <string_view>

namespace parley::chat {

/// Appends events to a conversation's log and announces them, each in the shape its readers get: the one way in which anything becomes an event.
class Recorder {
public:
    Recorder(Log& log, storage::Transaction& tx, Timestamp now) : log_(log), tx_(tx), now_(now) {}

    Seq message_created(const NewEvent& draft, const Message& message, const Log::Appended& appended);
    Seq message_edited(const Message& message, UserId actor);
    Seq message_deleted(ConversationId conversation, Seq target, UserId actor);
    Seq reaction(EventKind kind, ConversationId conversation, Seq target, std::string_view emoji, UserId actor);
    Seq pin(EventKind kind, ConversationId conversation, Seq target, UserId actor);
    Seq member(EventKind kind, ConversationId conversation, UserId subject, groups::Role role, std::optional<UserId> actor);
    Seq conversation_updated(ConversationId conversation, std::string_view changes, UserId actor);
    Seq conversation_deleted(ConversationId conversation, UserId actor);
    Seq file_gone(EventKind kind, ConversationId conversation, Seq target, FileId file, std::optional<UserId> actor);

private:
    Seq record(const NewEvent& event, json::Raw data, std::optional<UserId> subject = std::nullopt);

    Log& log_;
    storage::Transaction& tx_;
    const Timestamp now_;
};

}  // namespace parley::chat
