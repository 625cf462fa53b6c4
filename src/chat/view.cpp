// SPDX-License-Identifier: Apache-2.0
#include "chat/view.hpp"

#include "chat/event_data.hpp"
#include "files/store.hpp"
#include "users/store.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace parley::chat {
namespace {

/// Names shown of who reacted; `count` is exact beyond them.
constexpr std::int64_t most_reactions_read = 10'000;
constexpr std::size_t most_reactors_shown = 1000;

struct ReactionRow {
    std::string emoji;
    UserId user;
};

std::vector<Reaction> reactions_of(storage::Connection& db, ConversationId conversation, Seq seq) {
    std::vector<Reaction> reactions;
    const auto rows =
        db.rows<ReactionRow>("SELECT emoji, user_id FROM reactions WHERE conversation_id = $1 AND message_seq = $2 ORDER BY seq LIMIT $3",
                             conversation, seq, most_reactions_read);
    for (const auto& row : rows) {
        auto found = std::ranges::find(reactions, row.emoji, &Reaction::emoji);
        if (found == reactions.end()) found = reactions.insert(reactions.end(), {row.emoji, 0, {}});
        ++found->count;
        if (found->user_ids.size() < most_reactors_shown) found->user_ids.push_back(row.user);
    }
    return reactions;
}

/// "[3,17]", as we wrote it.
std::vector<UserId> read_mentions(std::string_view text) {
    std::vector<UserId> mentions;
    const char* at = text.data() + 1;
    for (const char* const end = text.data() + text.size(); at < end; ++at) {
        UserId user;
        at = std::from_chars(at, end, user.value).ptr;
        if (user) mentions.push_back(user);
    }
    return mentions;
}

/// The message an event is about, as it is now.
json::Raw current_message(storage::Connection& db, const LogReader& log, const LogRow& row, Timestamp now) {
    const auto target = log.find_message(row.conversation, row.target_seq.value_or(0));
    return target ? message_data(to_message(db, *target, now)) : json::Raw{"{}"};
}

json::Raw data_of(storage::Connection& db, const LogReader& log, const LogRow& row, Timestamp now) {
    const auto target = row.target_seq.value_or(0);
    const UserId subject{row.subject.value_or(0)};
    switch (row.event_kind()) {
        case EventKind::message_created: return message_data(to_message(db, row, now));
        case EventKind::message_edited: return current_message(db, log, row, now);
        case EventKind::message_deleted:
        case EventKind::message_pinned:
        case EventKind::message_unpinned: return message_seq_data(target);
        case EventKind::reaction_added:
        case EventKind::reaction_removed: return reaction_data(target, row.text.value_or(""), row.actor.value_or(UserId{}));
        case EventKind::member_joined:
        case EventKind::member_left:
        case EventKind::member_role_changed:
            return member_data(subject, json::named<groups::Role>(row.text.value_or("")).value_or(groups::Role::member));
        case EventKind::conversation_updated: return {row.text.value_or("{}")};
        case EventKind::conversation_deleted: return json::Raw{"{}"};
        case EventKind::file_expired:
        case EventKind::file_deleted: return file_data(target, FileId{row.subject.value_or(0)});
    }
    return json::Raw{"{}"};
}

}  // namespace

Message to_message(storage::Connection& db, const LogRow& row, Timestamp now) {
    Message message{.conversation_id = row.conversation,
                    .seq = row.seq,
                    .sender_id = row.actor,
                    .text = row.text,
                    .client_id = row.client_id,
                    .reply_to_seq = row.target_seq,
                    .created_at = row.at,
                    .edited_at = row.edited_at,
                    .deleted_at = row.deleted_at};
    if (row.mentions) message.mentions = read_mentions(*row.mentions);
    message.pinned = (row.flags & MessageFlags::pinned) != 0;
    if ((row.flags & MessageFlags::files) != 0) {
        for (const auto& file : files::files_of_message(db, row.conversation, row.seq)) message.files.push_back(files::to_file(file, now));
    }
    if ((row.flags & MessageFlags::reactions) != 0) message.reactions = reactions_of(db, row.conversation, row.seq);
    return message;
}

Event to_event(storage::Connection& db, const LogReader& log, const LogRow& row, Timestamp now) {
    return {row.conversation, row.seq, std::string{event_name(row.event_kind())}, row.at, row.actor, data_of(db, log, row, now)};
}

json::Raw message_data(const Message& message) {
    std::string text = R"({"message":)";
    constexpr std::size_t usual_bytes_beside_text = 384;
    text.reserve(usual_bytes_beside_text + (message.text ? message.text->size() : 0));
    json::append(text, message);
    text += '}';
    return {std::move(text)};
}

json::Raw message_seq_data(Seq seq) { return {json::to_json(MessageSeqData{seq})}; }
json::Raw reaction_data(Seq seq, std::string_view emoji, UserId user) { return {json::to_json(ReactionData{seq, std::string{emoji}, user})}; }
json::Raw member_data(UserId user, groups::Role role) { return {json::to_json(MemberData{user, role})}; }
json::Raw file_data(Seq seq, FileId file) { return {json::to_json(FileGoneData{seq, file})}; }

ReadMark read_mark(const LogReader& log, const groups::Membership& member, const Head& head) {
    const auto mark = log.mark(member.conversation, member.user, {member.last_read_seq, member.last_read_ordinal});
    return {mark.seq, log.unread(member.conversation, head, mark)};
}

Conversation to_conversation(storage::Connection& db, const LogReader& log, const groups::ConversationRow& row,
                             const std::optional<groups::Membership>& member, Timestamp now) {
    const auto head = log.head(row.id);
    Conversation shown{.id = row.id,
                       .kind = row.kind,
                       .name = row.name,
                       .description = row.description,
                       .visibility = row.visibility,
                       .created_at = row.created_at,
                       .last_seq = head.seq,
                       .member_count = row.member_count};
    if (!member) return shown;
    const auto mark = read_mark(log, *member, head);
    shown.my = MyMembership{member->role, mark.last_read_seq, mark.unread_count, member->muted_until, member->joined_at};
    if (head.ordinal > 0) {
        if (const auto last = log.last_message(row.id)) shown.last_message = to_message(db, *last, now);
    }
    if (row.kind == groups::ConversationKind::direct) {
        for (const auto id : groups::member_ids(db, row.id, 2)) {
            const auto peer = id == member->user ? std::nullopt : users::find_user(db, id);
            if (peer) shown.peer = users::to_user(*peer);
        }
    }
    return shown;
}

}  // namespace parley::chat
