// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "groups/types.hpp"
#include "storage/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace parley::groups {

/// A conversation that is there: deleted ones are nowhere.
std::optional<ConversationRow> find_conversation(storage::Connection& db, ConversationId id);
std::optional<Membership> find_member(storage::Connection& db, ConversationId conversation, UserId user);

/// The caller's membership. Errors: not_a_member for a public group, not_found for everything else the caller is not in.
Result<Membership> require_member(storage::Connection& db, ConversationId conversation, UserId user);
/// The same for who needs to know no more: one look into one index.
Result<void> check_member(storage::Connection& db, ConversationId conversation, UserId user);
/// The conversation, if the caller is a member or it is public. Error: not_found.
Result<ConversationRow> require_visible(storage::Connection& db, ConversationId conversation, UserId user);

struct NewConversation {
    ConversationKind kind;
    std::string_view name, description;
    Visibility visibility;
    std::optional<std::string> unique_name;
};
/// Nothing if the unique name is taken.
std::optional<ConversationId> insert_conversation(storage::Transaction& tx, const NewConversation& draft, Timestamp now);
std::optional<ConversationId> find_by_unique_name(storage::Connection& db, std::string_view unique_name);

/// Changes name, description, visibility and the unique name. False if that name is taken.
bool update_conversation(storage::Transaction& tx, const ConversationRow& row, const std::optional<std::string>& unique_name);
/// Makes the conversation invisible and forgets its members; its log is erased in slices behind (chat::erase).
void mark_deleted(storage::Transaction& tx, ConversationId conversation, Timestamp now);

void insert_member(storage::Transaction& tx, const Membership& member, std::int64_t changed_at_id);
void delete_member(storage::Transaction& tx, ConversationId conversation, UserId user);
void set_role(storage::Transaction& tx, ConversationId conversation, UserId user, Role role, std::int64_t changed_at_id);
void set_mute(storage::Transaction& tx, ConversationId conversation, UserId user, std::optional<Timestamp> until, std::int64_t changed_at_id);
/// Moves the read mark forward; never back.
void raise_mark(storage::Transaction& tx, ConversationId conversation, UserId user, Seq seq, std::int64_t ordinal, std::int64_t changed_at_id);

std::int64_t count_owners(storage::Connection& db, ConversationId conversation);
/// The longest-standing admin, else member, else guest: who follows the last owner.
std::optional<UserId> find_successor(storage::Connection& db, ConversationId conversation, UserId leaving);

/// Members in order of their ids, after `after`.
std::vector<Membership> members_of(storage::Connection& db, ConversationId conversation, UserId after, std::int64_t limit);
std::vector<UserId> member_ids(storage::Connection& db, ConversationId conversation, std::int64_t limit);
/// Public groups by folded name, after `after`, beginning with `prefix` (both folded; `prefix_end` is the first name beyond the prefix).
struct PublicGroup {
    ConversationId id;
    std::string unique_name;
};
std::vector<PublicGroup> public_groups(storage::Connection& db, std::string_view prefix, std::string_view prefix_end, std::string_view after,
                                       std::int64_t limit);

/// Conversations of a user, for a socket that begins. Grows with the user's conversations; nothing pages here, because a socket needs all.
std::vector<ConversationId> conversations_of(storage::Connection& db, UserId user);
bool share_conversation(storage::Connection& db, UserId a, UserId b);

/// "3:17": what makes a direct conversation of two people unique.
std::string direct_name(UserId a, UserId b);
/// "n:" and the folded name: what makes a public group's name unique, apart from direct ones.
std::string public_name(std::string_view folded);

}  // namespace parley::groups
