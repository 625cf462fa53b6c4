// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/types.hpp"

#include <string>
#include <string_view>
#include <tuple>

/// What the `data` of each kind of event holds (api.md section 4).
namespace parley::chat {

/// message.created and message.edited.
struct MessageData {
    Message message;

    static constexpr std::string_view schema_name = "MessageData";
    static constexpr auto fields = std::tuple{json::Field{"message", &MessageData::message, "The message; when read again, as it is then."}};
};

/// message.deleted, message.pinned and message.unpinned.
struct MessageSeqData {
    Seq message_seq = 0;

    static constexpr std::string_view schema_name = "MessageSeqData";
    static constexpr auto fields = std::tuple{json::Field{"message_seq", &MessageSeqData::message_seq, "The message it is about."}};
};

/// reaction.added and reaction.removed.
struct ReactionData {
    Seq message_seq = 0;
    std::string emoji;
    UserId user_id;

    static constexpr std::string_view schema_name = "ReactionData";
    static constexpr auto fields = std::tuple{json::Field{"message_seq", &ReactionData::message_seq, "The message it is about."},
                                              json::Field{"emoji", &ReactionData::emoji, "One grapheme."},
                                              json::Field{"user_id", &ReactionData::user_id, "Whose reaction it is."}};
};

/// member.joined, member.left and member.role_changed.
struct MemberData {
    UserId user_id;
    groups::Role role = groups::Role::member;

    static constexpr std::string_view schema_name = "MemberData";
    static constexpr auto fields = std::tuple{json::Field{"user_id", &MemberData::user_id, "The member it is about."},
                                              json::Field{"role", &MemberData::role, "What they may do, or might until they left."}};
};

/// file.expired and file.deleted.
struct FileGoneData {
    Seq message_seq = 0;
    FileId file_id;

    static constexpr std::string_view schema_name = "FileGoneData";
    static constexpr auto fields = std::tuple{json::Field{"message_seq", &FileGoneData::message_seq, "The message that carries the file."},
                                              json::Field{"file_id", &FileGoneData::file_id, "The file."}};
};

}  // namespace parley::chat
