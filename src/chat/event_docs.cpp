// SPDX-License-Identifier: Apache-2.0
#include "chat/event_docs.hpp"

#include "chat/event_data.hpp"
#include "chat/requests.hpp"

namespace parley::chat {
namespace {

using json::SchemaSet;

template <class T>
std::string always(SchemaSet& schemas) {
    return schemas.schema_of<T>(SchemaSet::Use::answer);
}

/// Of conversation.updated: only what changed is there.
std::string changes(SchemaSet& schemas) { return schemas.schema_of<GroupChange>(SchemaSet::Use::request); }
std::string nothing(SchemaSet&) { return R"({"type":"object","additionalProperties":false})"; }

}  // namespace

std::vector<EventDoc> event_docs() {
    using enum EventKind;
    return {{message_created, "A message was sent. Its seq is the message's.", always<MessageData>},
            {message_edited, "A message has another text.", always<MessageData>},
            {message_deleted, "A message's text and files are gone; it keeps its place.", always<MessageSeqData>},
            {reaction_added, "Somebody reacted to a message.", always<ReactionData>},
            {reaction_removed, "Somebody took a reaction back.", always<ReactionData>},
            {message_pinned, "A message was pinned.", always<MessageSeqData>},
            {message_unpinned, "A message is pinned no more.", always<MessageSeqData>},
            {member_joined, "Somebody is in the conversation now.", always<MemberData>},
            {member_left, "Somebody left or was removed; for them it is the last event.", always<MemberData>},
            {member_role_changed, "A member may do something else now.", always<MemberData>},
            {conversation_updated, "Name, description or visibility changed; only what changed is there.", changes},
            {conversation_deleted, "The conversation is gone: the last event of all, and only told live.", nothing},
            {file_expired, "The time of a file in a message is over.", always<FileGoneData>},
            {file_deleted, "A file in a message was deleted by its uploader.", always<FileGoneData>}};
}

}  // namespace parley::chat
