// SPDX-License-Identifier: Apache-2.0
#include "chat/groups.hpp"

#include "chat/conversations.hpp"
#include "chat/recorder.hpp"
#include "chat/text.hpp"
#include "chat/view.hpp"
#include "core/errors.hpp"
#include "groups/errors.hpp"
#include "groups/rules.hpp"
#include "jobs/store.hpp"
#include "users/store.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace parley::chat {
namespace {

using groups::Role, groups::Visibility;

Error at(std::string pointer, const ErrorKind& kind) { return Error::of_fields({{&kind, std::move(pointer), {}}}); }

/// Names of public groups are unique without regard to case; private ones may be called anything.
std::optional<std::string> unique_name_of(const std::string& name, Visibility visibility) {
    if (visibility != Visibility::public_group) return std::nullopt;
    return groups::public_name(users::search_key(name));
}

/// What of a group changed, as the members of conversation.updated's data.
std::string changes_between(const groups::ConversationRow& before, const groups::ConversationRow& after) {
    std::string members;
    const auto add = [&](std::string_view name, const auto& old_value, const auto& new_value) {
        if (old_value != new_value) members += fmt::format("{}\"{}\":{}", members.empty() ? "" : ",", name, json::to_json(new_value));
    };
    add("name", before.name, after.name);
    add("description", before.description, after.description);
    add("visibility", before.visibility, after.visibility);
    return '{' + members + '}';
}

/// At once for everybody; what it leaves behind goes in slices.
void delete_group(storage::Transaction& tx, ConversationId id, Timestamp now) {
    groups::mark_deleted(tx, id, now);
    jobs::enqueue(tx, Conversations::erase_job, std::to_string(id.value), now);
}

}  // namespace

Result<groups::Membership> Groups::require_group_member(storage::Connection& db, ConversationId id, UserId user) const {
    const auto row = groups::find_conversation(db, id);
    if (!row || row->kind != groups::ConversationKind::group) return fail(parley::errors::not_found);
    return groups::require_member(db, id, user);
}

Result<Conversation> Groups::show(storage::Connection& db, ConversationId id, UserId viewer) const {
    TRY(const auto row, groups::require_visible(db, id, viewer));
    return to_conversation(db, context_.log.on(db), row, groups::find_member(db, id, viewer), context_.clock.now());
}

Result<Member> Groups::to_member(storage::Connection& db, const groups::Membership& membership) {
    const auto user = users::find_user(db, membership.user);
    if (!user) return fail(parley::errors::not_found);
    return Member{users::to_user(*user), membership.role, membership.joined_at};
}

void Groups::add(storage::Transaction& tx, ConversationId id, UserId user, Role role, std::optional<UserId> actor, Timestamp now) {
    const auto changed_at = context_.log.next_id();
    const auto seq = Recorder{context_.log, tx, now}.member(EventKind::member_joined, id, user, role, actor);
    // What was said before one came is nothing one has missed.
    const auto ordinal = context_.log.on(tx).head(id).ordinal;
    groups::insert_member(tx, {.conversation = id, .user = user, .role = role, .last_read_seq = seq, .last_read_ordinal = ordinal, .joined_at = now},
                          changed_at);
}

Task<Result<Conversation>> Groups::create(Caller caller, GroupDraft draft) {
    auto name = clean_group_name(draft.name);
    if (!name) co_return fail(at("/name", name.error().kind()));
    const auto visibility = draft.visibility.value_or(Visibility::private_group);
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<Conversation> {
        const auto now = context_.clock.now();
        const auto id = groups::insert_conversation(
            tx, {groups::ConversationKind::group, *name, draft.description.value_or(""), visibility, unique_name_of(*name, visibility)}, now);
        if (!id) return fail(groups::errors::name_taken);
        add(tx, *id, caller.user, Role::owner, caller.user, now);
        std::size_t index = 0;
        for (const auto member : draft.member_ids.value_or(std::vector<UserId>{})) {
            if (!users::find_user(tx, member)) return fail(at(fmt::format("/member_ids/{}", index), groups::errors::unknown_user));
            if (!groups::find_member(tx, *id, member)) add(tx, *id, member, Role::member, caller.user, now);
            ++index;
        }
        return show(tx, *id, caller.user);
    });
}

Task<Result<Conversation>> Groups::change(Caller caller, ConversationId id, GroupChange change) {
    if (change.name) {
        auto name = clean_group_name(*change.name);
        if (!name) co_return fail(at("/name", name.error().kind()));
        change.name = *std::move(name);
    }
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<Conversation> {
        TRY(const auto member, require_group_member(tx, id, caller.user));
        if (!groups::may_manage(member.role)) return fail(groups::errors::not_allowed);
        const auto before = groups::find_conversation(tx, id).value();
        auto after = before;
        if (change.name) after.name = *change.name;
        if (change.description) after.description = *change.description;
        if (change.visibility) after.visibility = *change.visibility;
        const auto changes = changes_between(before, after);
        if (changes != "{}") {
            if (!groups::update_conversation(tx, after, unique_name_of(after.name, after.visibility))) return fail(groups::errors::name_taken);
            Recorder{context_.log, tx, context_.clock.now()}.conversation_updated(id, changes, caller.user);
        }
        return show(tx, id, caller.user);
    });
}

Task<Result<void>> Groups::remove(Caller caller, ConversationId id) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<void> {
        TRY(const auto member, require_group_member(tx, id, caller.user));
        if (member.role != Role::owner) return fail(groups::errors::not_allowed);
        const auto now = context_.clock.now();
        Recorder{context_.log, tx, now}.conversation_deleted(id, caller.user);
        delete_group(tx, id, now);
        return {};
    });
}

Task<Result<Groups::Found>> Groups::search(Caller caller, std::string prefix, std::optional<std::string> after, std::int64_t limit) {
    const auto folded = groups::public_name(users::search_key(prefix));
    const auto end = users::prefix_upper_bound(folded).value();
    co_return co_await context_.db.read([&](storage::Connection& db) -> Result<Found> {
        Found found;
        for (const auto& group : groups::public_groups(db, folded, end, after.value_or(""), limit)) {
            TRY(auto shown, show(db, group.id, caller.user));
            found.items.push_back(std::move(shown));
            found.next = group.unique_name;
        }
        if (std::ssize(found.items) < limit) found.next.reset();
        return found;
    });
}

Task<Result<Conversation>> Groups::find_public(Caller caller, std::string name) {
    const auto unique_name = groups::public_name(users::search_key(name));
    co_return co_await context_.db.read([&](storage::Connection& db) -> Result<Conversation> {
        const auto id = groups::find_by_unique_name(db, unique_name);
        if (!id) return fail(parley::errors::not_found);
        return show(db, *id, caller.user);
    });
}

Task<Result<Member>> Groups::join(Caller caller, ConversationId id) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<Member> {
        const auto row = groups::find_conversation(tx, id);
        if (!row || row->kind != groups::ConversationKind::group) return fail(parley::errors::not_found);
        const auto member = groups::find_member(tx, id, caller.user);
        if (member) return to_member(tx, *member);
        if (row->visibility != Visibility::public_group) return fail(parley::errors::not_found);
        add(tx, id, caller.user, Role::member, caller.user, context_.clock.now());
        return to_member(tx, groups::find_member(tx, id, caller.user).value());
    });
}

Result<void> Groups::check_owner_remains(storage::Transaction& tx, const groups::Membership& member) const {
    if (member.role == Role::owner && groups::count_owners(tx, member.conversation) == 1) return fail(groups::errors::last_owner);
    return {};
}

void Groups::take_out(storage::Transaction& tx, const groups::Membership& member, UserId actor, Timestamp now) {
    Recorder{context_.log, tx, now}.member(EventKind::member_left, member.conversation, member.user, member.role, actor);
    groups::delete_member(tx, member.conversation, member.user);
}

Result<void> Groups::leave_as_member(storage::Transaction& tx, const groups::Membership& member, LastOwner last_owner, Timestamp now) {
    const auto successor = groups::find_successor(tx, member.conversation, member.user);
    if (successor) {
        auto owner_remains = check_owner_remains(tx, member);
        if (!owner_remains && last_owner == LastOwner::stays) return owner_remains;
        if (!owner_remains) {
            Recorder{context_.log, tx, now}.member(EventKind::member_role_changed, member.conversation, *successor, Role::owner, std::nullopt);
            groups::set_role(tx, member.conversation, *successor, Role::owner, context_.log.next_id());
        }
    }
    take_out(tx, member, member.user, now);
    if (!successor) delete_group(tx, member.conversation, now);
    return {};
}

Task<Result<void>> Groups::leave(Caller caller, ConversationId id, LastOwner last_owner) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<void> {
        const auto row = groups::find_conversation(tx, id);
        if (!row || row->kind != groups::ConversationKind::group) return fail(parley::errors::not_found);
        const auto member = groups::find_member(tx, id, caller.user);
        if (member) return leave_as_member(tx, *member, last_owner, context_.clock.now());
        if (row->visibility == Visibility::public_group) return {};
        return fail(parley::errors::not_found);
    });
}

Task<Result<std::vector<Member>>> Groups::members(Caller caller, ConversationId id, UserId after, std::int64_t limit) {
    co_return co_await context_.db.read([&](storage::Connection& db) -> Result<std::vector<Member>> {
        CHECK(require_group_member(db, id, caller.user));
        std::vector<Member> members;
        for (const auto& membership : groups::members_of(db, id, after, limit)) {
            TRY(auto member, to_member(db, membership));
            members.push_back(std::move(member));
        }
        return members;
    });
}

Task<Result<Groups::Put>> Groups::put_member(Caller caller, ConversationId id, UserId user, Role role) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<Put> {
        TRY(const auto actor, require_group_member(tx, id, caller.user));
        const auto present = groups::find_member(tx, id, user);
        CHECK(groups::check_grant(actor.role, present ? std::optional{present->role} : std::nullopt, role));
        if (!users::find_user(tx, user)) return fail(parley::errors::not_found);
        const auto now = context_.clock.now();
        if (!present) {
            add(tx, id, user, role, caller.user, now);
        } else if (present->role != role) {
            CHECK(check_owner_remains(tx, *present));
            Recorder{context_.log, tx, now}.member(EventKind::member_role_changed, id, user, role, caller.user);
            groups::set_role(tx, id, user, role, context_.log.next_id());
        }
        TRY(auto member, to_member(tx, groups::find_member(tx, id, user).value()));
        return Put{std::move(member), !present};
    });
}

Task<Result<void>> Groups::remove_member(Caller caller, ConversationId id, UserId user) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<void> {
        TRY(const auto actor, require_group_member(tx, id, caller.user));
        const auto now = context_.clock.now();
        if (user == caller.user) return leave_as_member(tx, actor, LastOwner::stays, now);
        const auto member = groups::find_member(tx, id, user);
        if (!groups::may_manage(actor.role)) return fail(groups::errors::not_allowed);
        if (!member) return fail(parley::errors::not_found);
        CHECK(groups::check_removal(actor.role, member->role));
        take_out(tx, *member, caller.user, now);
        return {};
    });
}

}  // namespace parley::chat
