// SPDX-License-Identifier: Apache-2.0
#include "groups/store.hpp"

#include "core/errors.hpp"
#include "groups/errors.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace parley::groups {
namespace {

const ErrorKind& why_not_a_member(storage::Connection& db, ConversationId conversation) {
    const auto row = find_conversation(db, conversation);
    return row && row->visibility == Visibility::public_group ? errors::not_a_member : parley::errors::not_found;
}

}  // namespace

std::optional<ConversationRow> find_conversation(storage::Connection& db, ConversationId id) {
    return db.row<ConversationRow>(
        "SELECT id, kind, name, description, visibility, member_count, created_at_us FROM conversations WHERE id = $1 AND deleted_at_us IS NULL", id);
}

std::optional<Membership> find_member(storage::Connection& db, ConversationId conversation, UserId user) {
    return db.row<Membership>(
        "SELECT conversation_id, user_id, role, last_read_seq, last_read_ordinal, muted_until_us, joined_at_us FROM members "
        "WHERE conversation_id = $1 AND user_id = $2",
        conversation, user);
}

Result<Membership> require_member(storage::Connection& db, ConversationId conversation, UserId user) {
    if (auto member = find_member(db, conversation, user)) return *member;
    return fail(why_not_a_member(db, conversation));
}

Result<void> check_member(storage::Connection& db, ConversationId conversation, UserId user) {
    if (db.row<std::int64_t>("SELECT 1 FROM members WHERE conversation_id = $1 AND user_id = $2", conversation, user)) return {};
    return fail(why_not_a_member(db, conversation));
}

Result<ConversationRow> require_visible(storage::Connection& db, ConversationId conversation, UserId user) {
    auto row = find_conversation(db, conversation);
    if (row && (row->visibility == Visibility::public_group || find_member(db, conversation, user))) return *std::move(row);
    return fail(parley::errors::not_found);
}

std::optional<ConversationId> insert_conversation(storage::Transaction& tx, const NewConversation& draft, Timestamp now) {
    return tx.row<ConversationId>(
        "INSERT INTO conversations (kind, name, description, visibility, unique_name, last_at_us, created_at_us) VALUES ($1, $2, $3, $4, $5, $6, $6) "
        "ON CONFLICT (unique_name) DO NOTHING RETURNING id",
        draft.kind, draft.name, draft.description, draft.visibility, draft.unique_name, now);
}

std::optional<ConversationId> find_by_unique_name(storage::Connection& db, std::string_view unique_name) {
    return db.row<ConversationId>("SELECT id FROM conversations WHERE unique_name = $1 AND deleted_at_us IS NULL", unique_name);
}

bool update_conversation(storage::Transaction& tx, const ConversationRow& row, const std::optional<std::string>& unique_name) {
    if (unique_name) {
        const auto holder = find_by_unique_name(tx, *unique_name);
        if (holder && *holder != row.id) return false;
    }
    tx.run("UPDATE conversations SET name = $2, description = $3, visibility = $4, unique_name = $5 WHERE id = $1", row.id, row.name, row.description,
           row.visibility, unique_name);
    return true;
}

void mark_deleted(storage::Transaction& tx, ConversationId conversation, Timestamp now) {
    tx.run("UPDATE conversations SET deleted_at_us = $2, unique_name = NULL, name = '', description = '', member_count = 0 WHERE id = $1",
           conversation, now);
    tx.run("DELETE FROM members WHERE conversation_id = $1", conversation);
}

void insert_member(storage::Transaction& tx, const Membership& member, std::int64_t changed_at_id) {
    tx.run(
        "INSERT INTO members (conversation_id, user_id, role, last_read_seq, last_read_ordinal, changed_at_id, muted_until_us, joined_at_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        member.conversation, member.user, member.role, member.last_read_seq, member.last_read_ordinal, changed_at_id, member.muted_until,
        member.joined_at);
    tx.run("UPDATE conversations SET member_count = member_count + 1 WHERE id = $1", member.conversation);
}

void delete_member(storage::Transaction& tx, ConversationId conversation, UserId user) {
    tx.run("DELETE FROM members WHERE conversation_id = $1 AND user_id = $2", conversation, user);
    tx.run("UPDATE conversations SET member_count = member_count - 1 WHERE id = $1", conversation);
}

void set_role(storage::Transaction& tx, ConversationId conversation, UserId user, Role role, std::int64_t changed_at_id) {
    tx.run("UPDATE members SET role = $3, changed_at_id = $4 WHERE conversation_id = $1 AND user_id = $2", conversation, user, role, changed_at_id);
}

void set_mute(storage::Transaction& tx, ConversationId conversation, UserId user, std::optional<Timestamp> until, std::int64_t changed_at_id) {
    tx.run("UPDATE members SET muted_until_us = $3, changed_at_id = $4 WHERE conversation_id = $1 AND user_id = $2", conversation, user, until,
           changed_at_id);
}

void raise_mark(storage::Transaction& tx, ConversationId conversation, UserId user, Seq seq, std::int64_t ordinal, std::int64_t changed_at_id) {
    tx.run(
        "UPDATE members SET last_read_seq = $3, last_read_ordinal = $4, changed_at_id = $5 "
        "WHERE conversation_id = $1 AND user_id = $2 AND last_read_seq < $3",
        conversation, user, seq, ordinal, changed_at_id);
}

std::int64_t count_owners(storage::Connection& db, ConversationId conversation) {
    return db.row<std::int64_t>("SELECT count(*) FROM members WHERE conversation_id = $1 AND role = 'owner'", conversation).value_or(0);
}

std::optional<UserId> find_successor(storage::Connection& db, ConversationId conversation, UserId leaving) {
    return db.row<UserId>(
        "SELECT user_id FROM members WHERE conversation_id = $1 AND user_id <> $2 "
        "ORDER BY CASE role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'member' THEN 2 ELSE 3 END, joined_at_us, user_id LIMIT 1",
        conversation, leaving);
}

std::vector<Membership> members_of(storage::Connection& db, ConversationId conversation, UserId after, std::int64_t limit) {
    return db.rows<Membership>(
        "SELECT conversation_id, user_id, role, last_read_seq, last_read_ordinal, muted_until_us, joined_at_us FROM members "
        "WHERE conversation_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3",
        conversation, after, limit);
}

std::vector<UserId> member_ids(storage::Connection& db, ConversationId conversation, std::int64_t limit) {
    return db.rows<UserId>("SELECT user_id FROM members WHERE conversation_id = $1 ORDER BY user_id LIMIT $2", conversation, limit);
}

std::vector<PublicGroup> public_groups(storage::Connection& db, std::string_view prefix, std::string_view prefix_end, std::string_view after,
                                       std::int64_t limit) {
    return db.rows<PublicGroup>(
        "SELECT id, unique_name FROM conversations WHERE visibility = 'public' AND deleted_at_us IS NULL "
        "AND unique_name >= $1 AND unique_name < $2 AND unique_name > $3 ORDER BY unique_name LIMIT $4",
        prefix, prefix_end, after, limit);
}

std::vector<ConversationId> conversations_of(storage::Connection& db, UserId user) {
    return db.rows<ConversationId>("SELECT conversation_id FROM members WHERE user_id = $1 ORDER BY conversation_id", user);
}

bool share_conversation(storage::Connection& db, UserId a, UserId b) {
    return db
        .row<std::int64_t>(
            "SELECT 1 FROM members mine JOIN members theirs ON theirs.conversation_id = mine.conversation_id AND theirs.user_id = $2 WHERE "
            "mine.user_id = $1 LIMIT 1",
            a, b)
        .has_value();
}

std::string direct_name(UserId a, UserId b) { return fmt::format("d:{}:{}", std::min(a, b).value, std::max(a, b).value); }
std::string public_name(std::string_view folded) { return fmt::format("n:{}", folded); }

}  // namespace parley::groups
