// SPDX-License-Identifier: Apache-2.0
#include "chat/recorder.hpp"

#include "chat/announcements.hpp"
#include "chat/view.hpp"

#include <memory>
#include <string>

namespace parley::chat {

Seq Recorder::record(const NewEvent& event, json::Raw data, std::optional<UserId> subject) {
    const auto appended = log_.append(tx_, event);
    tx_.announce(std::make_unique<EventRecorded>(
        appended.log_id, Event{event.conversation, appended.seq, std::string{event_name(event.kind)}, event.at, event.actor, std::move(data)},
        event.kind, subject));
    return appended.seq;
}

Seq Recorder::message_created(const NewEvent& draft, const Message& message, const Log::Appended& appended) {
    auto told = std::make_unique<EventRecorded>(
        appended.log_id, Event{draft.conversation, appended.seq, std::string{event_name(draft.kind)}, draft.at, draft.actor, message_data(message)},
        draft.kind, std::nullopt);
    told->text = message.text.value_or("");
    told->carries_files = !message.files.empty();
    tx_.announce(std::move(told));
    return appended.seq;
}

Seq Recorder::message_edited(const Message& message, UserId actor) {
    return record({.conversation = message.conversation_id, .kind = EventKind::message_edited, .at = now_, .actor = actor, .target_seq = message.seq},
                  message_data(message));
}

Seq Recorder::message_deleted(ConversationId conversation, Seq target, UserId actor) {
    return record({.conversation = conversation, .kind = EventKind::message_deleted, .at = now_, .actor = actor, .target_seq = target},
                  message_seq_data(target));
}

Seq Recorder::reaction(EventKind kind, ConversationId conversation, Seq target, std::string_view emoji, UserId actor) {
    return record({.conversation = conversation, .kind = kind, .at = now_, .actor = actor, .target_seq = target, .text = emoji},
                  reaction_data(target, emoji, actor));
}

Seq Recorder::pin(EventKind kind, ConversationId conversation, Seq target, UserId actor) {
    return record({.conversation = conversation, .kind = kind, .at = now_, .actor = actor, .target_seq = target}, message_seq_data(target));
}

Seq Recorder::member(EventKind kind, ConversationId conversation, UserId subject, groups::Role role, std::optional<UserId> actor) {
    return record({.conversation = conversation, .kind = kind, .at = now_, .actor = actor, .subject = subject.value, .text = json::name_of(role)},
                  member_data(subject, role), subject);
}

Seq Recorder::conversation_updated(ConversationId conversation, std::string_view changes, UserId actor) {
    return record({.conversation = conversation, .kind = EventKind::conversation_updated, .at = now_, .actor = actor, .text = changes},
                  {std::string{changes}});
}

Seq Recorder::conversation_deleted(ConversationId conversation, UserId actor) {
    return record({.conversation = conversation, .kind = EventKind::conversation_deleted, .at = now_, .actor = actor}, {"{}"});
}

Seq Recorder::file_gone(EventKind kind, ConversationId conversation, Seq target, FileId file, std::optional<UserId> actor) {
    return record({.conversation = conversation, .kind = kind, .at = now_, .actor = actor, .target_seq = target, .subject = file.value},
                  file_data(target, file));
}

}  // namespace parley::chat
