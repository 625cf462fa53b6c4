// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log.hpp"
#include "chat/types.hpp"
#include "groups/store.hpp"

#include <vector>

/// Rows as clients see them now.
namespace parley::chat {

/// A message with its files and reactions. A deleted one keeps its place and shows nothing of what it was.
Message to_message(storage::Connection& db, const LogRow& row, Timestamp now);

/// An event as a reader sees it now: a message it is about is shown as it is, not as it was then.
Event to_event(storage::Connection& db, const LogReader& log, const LogRow& row, Timestamp now);

/// The text of an event's `data` members.
json::Raw message_data(const Message& message);
json::Raw message_seq_data(Seq seq);
json::Raw reaction_data(Seq seq, std::string_view emoji, UserId user);
json::Raw member_data(UserId user, groups::Role role);
json::Raw file_data(Seq seq, FileId file);

/// A conversation as `viewer` sees it; `member` is their membership, none for a public group they are not in.
Conversation to_conversation(storage::Connection& db, const LogReader& log, const groups::ConversationRow& row,
                             const std::optional<groups::Membership>& member, Timestamp now);
/// How far a member has read, and what they have not.
ReadMark read_mark(const LogReader& log, const groups::Membership& member, const Head& head);

}  // namespace parley::chat
