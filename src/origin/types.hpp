// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/json/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// What the origin's routes answer (api.md section 7).
namespace parley::origin {

struct RegisteredUser {
    UserId id;
    std::string username;
    std::string email;

    static constexpr std::string_view schema_name = "OriginUser";
    static constexpr auto fields = std::tuple{json::Field{"id", &RegisteredUser::id, "The user."},
                                              json::Field{"username", &RegisteredUser::username, "The name one signs in with."},
                                              json::Field{"email", &RegisteredUser::email, "Empty if none was given."}};
};

struct TokenPair {
    std::string refresh;
    std::string access;

    static constexpr std::string_view schema_name = "OriginTokenPair";
    static constexpr auto fields = std::tuple{json::Field{"refresh", &TokenPair::refresh, "Good for a day, any number of times."},
                                              json::Field{"access", &TokenPair::access, "For the Authorization header, five minutes."}};
};

struct AccessToken {
    std::string access;

    static constexpr std::string_view schema_name = "OriginAccessToken";
    static constexpr auto fields = std::tuple{json::Field{"access", &AccessToken::access, "For the Authorization header, five minutes."}};
};

struct Nothing {
    static constexpr std::string_view schema_name = "OriginNothing";
    static constexpr std::tuple<> fields{};
};

struct Done {
    std::string message;

    static constexpr std::string_view schema_name = "OriginDone";
    static constexpr auto fields = std::tuple{json::Field{"message", &Done::message, "What was done."}};
};

struct GroupCreated {
    std::string message;
    ConversationId group_id;

    static constexpr std::string_view schema_name = "OriginGroupCreated";
    static constexpr auto fields =
        std::tuple{json::Field{"message", &GroupCreated::message, "What was done."}, json::Field{"group_id", &GroupCreated::group_id, "The group."}};
};

struct ChatMessage {
    Seq id = 0;
    std::optional<UserId> sender;
    std::optional<UserId> receiver_user;
    std::optional<ConversationId> receiver_group;
    std::string message;
    std::optional<std::string> file;
    std::string timestamp;

    static constexpr std::string_view schema_name = "OriginMessage";
    static constexpr auto fields =
        std::tuple{json::Field{"id", &ChatMessage::id, "Its seq: rises within a conversation, with gaps."},
                   json::Field{"sender", &ChatMessage::sender, "Who sent it."},
                   json::Field{"receiver_user", &ChatMessage::receiver_user, "Whom it was sent to, in a direct conversation."},
                   json::Field{"receiver_group", &ChatMessage::receiver_group, "The group it was sent to."},
                   json::Field{"message", &ChatMessage::message, "What it says; empty if it only carries files."},
                   json::Field{"file", &ChatMessage::file, "The absolute URL of its first file's content."},
                   json::Field{"timestamp", &ChatMessage::timestamp, "When it was sent, with microseconds."}};
};

struct ChatPage {
    std::int64_t count = 0;
    std::optional<std::string> next;
    std::optional<std::string> previous;
    std::vector<ChatMessage> results;

    static constexpr std::string_view schema_name = "OriginMessagePage";
    static constexpr auto fields = std::tuple{json::Field{"count", &ChatPage::count, "Messages of the conversation, without deleted ones."},
                                              json::Field{"next", &ChatPage::next, "The absolute URL of the page of older ones."},
                                              json::Field{"previous", &ChatPage::previous, "The absolute URL of the page of newer ones."},
                                              json::Field{"results", &ChatPage::results, "The newest first."}};
};

}  // namespace parley::origin
