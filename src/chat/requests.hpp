// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/json/fields.hpp"
#include "core/time.hpp"
#include "groups/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// What clients send about conversations and messages, over HTTP and over the socket.
namespace parley::chat {

struct MessageDraft {
    std::optional<std::string> text;
    std::optional<std::string> client_id;
    std::optional<std::int64_t> reply_to_seq;
    std::optional<std::vector<FileId>> file_ids;

    static constexpr std::string_view schema_name = "MessageDraft";
    static constexpr auto fields = std::tuple{
        json::Field{"text", &MessageDraft::text, "At most 16 384 bytes; may be left out beside files."},
        json::Field{"client_id", &MessageDraft::client_id, "1 to 64 of A-Z a-z 0-9 _ -: the same one again sends nothing twice. A UUIDv7 is best."},
        json::Field{"reply_to_seq", &MessageDraft::reply_to_seq, "The message this answers."},
        json::Field{"file_ids", &MessageDraft::file_ids, "Files of one's own, at most 20."}};
};

struct MessageEdit {
    std::string text;

    static constexpr std::string_view schema_name = "MessageEdit";
    static constexpr auto fields = std::tuple{json::Field{"text", &MessageEdit::text, "The new text."}};
};

struct ReadRequest {
    std::int64_t seq = 0;

    static constexpr std::string_view schema_name = "ReadRequest";
    static constexpr auto fields = std::tuple{json::Field{"seq", &ReadRequest::seq, "Up to where one has read."}};
};

struct DirectRequest {
    UserId user_id;

    static constexpr std::string_view schema_name = "DirectRequest";
    static constexpr auto fields = std::tuple{json::Field{"user_id", &DirectRequest::user_id, "With whom."}};
};

struct MuteRequest {
    json::Nullable<Timestamp> until;

    static constexpr std::string_view schema_name = "MuteRequest";
    static constexpr auto fields = std::tuple{json::Field{"until", &MuteRequest::until, "Until when; null: not muted."}};
};

inline constexpr std::size_t longest_description_bytes = 4096;

struct GroupDraft {
    std::string name;
    std::optional<std::string> description;
    std::optional<groups::Visibility> visibility;
    std::optional<std::vector<UserId>> member_ids;

    static constexpr std::string_view schema_name = "GroupDraft";
    static constexpr auto fields = std::tuple{
        json::Field{"name", &GroupDraft::name, "1 to 255 characters; of public groups unique without regard to case."},
        json::Field{"description", &GroupDraft::description, "What it is about.", json::Limits{.max_bytes = longest_description_bytes}},
        json::Field{"visibility", &GroupDraft::visibility, "private if left out."},
        json::Field{"member_ids", &GroupDraft::member_ids, "Who is in it from the start, beside its owner.", json::Limits{.max_items = 1000}}};
};

struct GroupChange {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<groups::Visibility> visibility;

    static constexpr std::string_view schema_name = "GroupChange";
    static constexpr auto fields =
        std::tuple{json::Field{"name", &GroupChange::name, "1 to 255 characters."},
                   json::Field{"description", &GroupChange::description, "What it is about.", json::Limits{.max_bytes = longest_description_bytes}},
                   json::Field{"visibility", &GroupChange::visibility, "Whether anybody finds and joins it."}};
};

struct RoleRequest {
    groups::Role role = groups::Role::member;

    static constexpr std::string_view schema_name = "RoleRequest";
    static constexpr auto fields = std::tuple{json::Field{"role", &RoleRequest::role, "What the member may do."}};
};

}  // namespace parley::chat
