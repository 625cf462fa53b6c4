// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "storage/connection.hpp"
#include "users/names.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Rules about what people write.
namespace parley::chat {

/// Whether `text` is one grapheme cluster (UAX #29) of at most 64 bytes with something to see: what a reaction is.
bool is_emoji(std::string_view text);

/// A group's name without the white space around it. Error: invalid_name.
Result<std::string> clean_group_name(std::string_view name);

/// Whether `id` is 1 to 64 of A-Z a-z 0-9 _ and -.
bool is_client_id(std::string_view id) noexcept;

/// The names that stand behind an @ in a text, without doubles, the first 50 of them. A trailing dot or the like may belong to the sentence:
/// such names are given with and without it.
std::vector<std::string> mentioned_names(std::string_view text);

/// The members of a conversation whose @username `text` has, in order of their first mention.
std::vector<UserId> find_mentions(storage::Connection& db, const users::NameFolder& names, ConversationId conversation, std::string_view text);

}  // namespace parley::chat
