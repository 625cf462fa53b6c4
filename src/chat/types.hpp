// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log_row.hpp"
#include "core/ids.hpp"
#include "core/json/write.hpp"
#include "core/time.hpp"
#include "files/types.hpp"
#include "groups/types.hpp"
#include "users/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// What clients see of conversations, messages and events (api.md sections 3 and 4).
namespace parley::chat {

struct Reaction {
    std::string emoji;
    std::int64_t count = 0;
    std::vector<UserId> user_ids;

    static constexpr std::string_view schema_name = "Reaction";
    static constexpr auto fields =
        std::tuple{json::Field{"emoji", &Reaction::emoji, "One grapheme."}, json::Field{"count", &Reaction::count, "How many reacted with it."},
                   json::Field{"user_ids", &Reaction::user_ids, "Who did, the first of them."}};
};

struct Message {
    ConversationId conversation_id;
    Seq seq = 0;
    std::optional<UserId> sender_id;
    std::optional<std::string> text;
    std::optional<std::string> client_id;
    std::optional<Seq> reply_to_seq;
    std::vector<files::File> files;
    std::vector<Reaction> reactions;
    std::vector<UserId> mentions;
    bool pinned = false;
    Timestamp created_at;
    std::optional<Timestamp> edited_at;
    std::optional<Timestamp> deleted_at;

    static constexpr std::string_view schema_name = "Message";
    static constexpr auto fields = std::tuple{json::Field{"conversation_id", &Message::conversation_id, "The conversation it is in."},
                                              json::Field{"seq", &Message::seq, "Its position there: that of the event that created it."},
                                              json::Field{"sender_id", &Message::sender_id, "Who sent it."},
                                              json::Field{"text", &Message::text, "What it says; null where it is deleted or only carries files."},
                                              json::Field{"client_id", &Message::client_id, "The id its sender gave it."},
                                              json::Field{"reply_to_seq", &Message::reply_to_seq, "The message it answers."},
                                              json::Field{"files", &Message::files, "What it carries."},
                                              json::Field{"reactions", &Message::reactions, "In the order of the first of each."},
                                              json::Field{"mentions", &Message::mentions, "Members whose @username it has."},
                                              json::Field{"pinned", &Message::pinned, "Whether it is pinned."},
                                              json::Field{"created_at", &Message::created_at, "When it was sent."},
                                              json::Field{"edited_at", &Message::edited_at, "When it was last edited."},
                                              json::Field{"deleted_at", &Message::deleted_at, "When it was deleted; text and files are then gone."}};
};

struct MyMembership {
    groups::Role role = groups::Role::member;
    Seq last_read_seq = 0;
    std::int64_t unread_count = 0;
    std::optional<Timestamp> muted_until;
    Timestamp joined_at;

    static constexpr std::string_view schema_name = "MyMembership";
    static constexpr auto fields =
        std::tuple{json::Field{"role", &MyMembership::role, "What one may do there."},
                   json::Field{"last_read_seq", &MyMembership::last_read_seq, "How far one has read."},
                   json::Field{"unread_count", &MyMembership::unread_count, "Messages of others above that, without deleted ones."},
                   json::Field{"muted_until", &MyMembership::muted_until, "Until when it is muted."},
                   json::Field{"joined_at", &MyMembership::joined_at, "When one joined."}};
};

struct Conversation {
    ConversationId id;
    groups::ConversationKind kind = groups::ConversationKind::group;
    std::string name;
    std::string description;
    groups::Visibility visibility = groups::Visibility::private_group;
    Timestamp created_at;
    Seq last_seq = 0;
    std::int64_t member_count = 0;
    std::optional<MyMembership> my;
    std::optional<Message> last_message;
    std::optional<users::User> peer;

    static constexpr std::string_view schema_name = "Conversation";
    static constexpr std::string_view page_schema_name = "ConversationPage";
    static constexpr auto fields =
        std::tuple{json::Field{"id", &Conversation::id, "The conversation; a group's id, too."},
                   json::Field{"kind", &Conversation::kind, "A group, or two people."},
                   json::Field{"name", &Conversation::name, "Of a group; empty for two people."},
                   json::Field{"description", &Conversation::description, "Of a group."},
                   json::Field{"visibility", &Conversation::visibility, "Whether anybody finds and joins it."},
                   json::Field{"created_at", &Conversation::created_at, "When it was made."},
                   json::Field{"last_seq", &Conversation::last_seq, "The position of the last event."},
                   json::Field{"member_count", &Conversation::member_count, "How many are in it."},
                   json::Field{"my", &Conversation::my, "One's own membership; null for who is not in it."},
                   json::Field{"last_message", &Conversation::last_message, "The newest message; null for who is not in it."},
                   json::Field{"peer", &Conversation::peer, "The other one of two."}};
};

struct Member {
    users::User user;
    groups::Role role = groups::Role::member;
    Timestamp joined_at;

    static constexpr std::string_view schema_name = "Member";
    static constexpr std::string_view page_schema_name = "MemberPage";
    static constexpr auto fields = std::tuple{json::Field{"user", &Member::user, "Who."}, json::Field{"role", &Member::role, "What they may do."},
                                              json::Field{"joined_at", &Member::joined_at, "Since when."}};
};

/// An event of a conversation's log; what `data` holds depends on `event`.
struct Event {
    ConversationId conversation_id;
    Seq seq = 0;
    std::string event;
    Timestamp at;
    std::optional<UserId> actor_id;
    json::Raw data;

    static constexpr std::string_view schema_name = "Event";
    static constexpr auto fields = std::tuple{json::Field{"conversation_id", &Event::conversation_id, "The conversation."},
                                              json::Field{"seq", &Event::seq, "1, 2, 3, … without gaps, the same for everybody."},
                                              json::Field{"event", &Event::event, "What happened, such as message.created."},
                                              json::Field{"at", &Event::at, "When."},
                                              json::Field{"actor_id", &Event::actor_id, "Who did it; null where the server did."},
                                              json::Field{"data", &Event::data, "The rest, by kind of event."}};
};

struct EventPage {
    std::vector<Event> items;
    Seq last_seq = 0;

    static constexpr std::string_view schema_name = "EventPage";
    static constexpr auto fields = std::tuple{json::Field{"items", &EventPage::items, "In order, without gaps."},
                                              json::Field{"last_seq", &EventPage::last_seq, "The position of the conversation's last event."}};
};

struct MessagePage {
    std::vector<Message> items;
    bool has_more_before = false;
    bool has_more_after = false;

    static constexpr std::string_view schema_name = "MessagePage";
    static constexpr auto fields = std::tuple{json::Field{"items", &MessagePage::items, "In order of their positions."},
                                              json::Field{"has_more_before", &MessagePage::has_more_before, "Whether there are older ones."},
                                              json::Field{"has_more_after", &MessagePage::has_more_after, "Whether there are newer ones."}};
};

struct ReadMark {
    Seq last_read_seq = 0;
    std::int64_t unread_count = 0;

    static constexpr std::string_view schema_name = "ReadMark";
    static constexpr auto fields =
        std::tuple{json::Field{"last_read_seq", &ReadMark::last_read_seq, "How far one has read."},
                   json::Field{"unread_count", &ReadMark::unread_count, "Messages of others above that, without deleted ones."}};
};

struct SyncItem {
    ConversationId id;
    Seq last_seq = 0;
    Seq last_read_seq = 0;
    std::int64_t unread_count = 0;

    static constexpr std::string_view schema_name = "SyncItem";
    static constexpr auto fields =
        std::tuple{json::Field{"id", &SyncItem::id, "The conversation."}, json::Field{"last_seq", &SyncItem::last_seq, "Its last event."},
                   json::Field{"last_read_seq", &SyncItem::last_read_seq, "How far one has read."},
                   json::Field{"unread_count", &SyncItem::unread_count, "Messages of others above that."}};
};

struct Sync {
    std::string epoch;
    std::string cursor;
    std::vector<SyncItem> conversations;

    static constexpr std::string_view schema_name = "Sync";
    static constexpr auto fields =
        std::tuple{json::Field{"epoch", &Sync::epoch, "Changes when a backup was restored: positions of another epoch mean nothing."},
                   json::Field{"cursor", &Sync::cursor, "For the next call."},
                   json::Field{"conversations", &Sync::conversations, "All of one's own, or those that changed."}};
};

}  // namespace parley::chat
