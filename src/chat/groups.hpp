// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/context.hpp"
#include "chat/requests.hpp"
#include "chat/types.hpp"
#include "core/caller.hpp"
#include "core/task.hpp"
#include "groups/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::chat {

/// Groups and who is in them. The rules are groups/rules.hpp; they are applied here, because every change of a group is an event of its log.
/// A direct conversation is no group: not_found.
class Groups {
public:
    explicit Groups(Context& context) : context_(context) {}

    /// The caller becomes its owner. Errors: invalid_name, name_taken, unknown_user at /member_ids/n.
    Task<Result<Conversation>> create(Caller caller, GroupDraft draft);
    /// Errors: not_allowed, invalid_name, name_taken.
    Task<Result<Conversation>> change(Caller caller, ConversationId id, GroupChange change);
    /// Error: not_allowed, for all but owners.
    Task<Result<void>> remove(Caller caller, ConversationId id);

    /// A page of public groups by folded name.
    struct Found {
        std::vector<Conversation> items;
        std::optional<std::string> next;
    };
    Task<Result<Found>> search(Caller caller, std::string prefix, std::optional<std::string> after, std::int64_t limit);

    /// The public group of a name, in any case: only their names are unique. Error: not_found.
    Task<Result<Conversation>> find_public(Caller caller, std::string name);

    /// Joining a public group; again is fine. Error: not_found for a private one.
    Task<Result<Member>> join(Caller caller, ConversationId id);
    enum class LastOwner : std::uint8_t {
        stays,      // last_owner
        hands_over  // to the longest-standing admin, else member: what the origin's clients expect
    };
    /// The last one out deletes the group. Leaving a public group one is not in is fine. Error: last_owner.
    Task<Result<void>> leave(Caller caller, ConversationId id, LastOwner last_owner = LastOwner::stays);

    /// Members in order of their ids, after `after`.
    Task<Result<std::vector<Member>>> members(Caller caller, ConversationId id, UserId after, std::int64_t limit);
    struct Put {
        Member member;
        bool added = false;
    };
    /// Adds somebody or changes their role. Errors: not_allowed, role_above_own, owners_only, last_owner; not_found for an unknown user.
    Task<Result<Put>> put_member(Caller caller, ConversationId id, UserId user, groups::Role role);
    /// Removing oneself is leaving. Errors: not_allowed, owners_only, last_owner, not_found.
    Task<Result<void>> remove_member(Caller caller, ConversationId id, UserId user);

private:
    /// The group, if the caller is a member. Errors: not_a_member, not_found.
    Result<groups::Membership> require_group_member(storage::Connection& db, ConversationId id, UserId user) const;
    void add(storage::Transaction& tx, ConversationId id, UserId user, groups::Role role, std::optional<UserId> actor, Timestamp now);
    Result<void> check_owner_remains(storage::Transaction& tx, const groups::Membership& member) const;
    void take_out(storage::Transaction& tx, const groups::Membership& member, UserId actor, Timestamp now);
    Result<void> leave_as_member(storage::Transaction& tx, const groups::Membership& member, LastOwner last_owner, Timestamp now);
    Result<Conversation> show(storage::Connection& db, ConversationId id, UserId viewer) const;
    static Result<Member> to_member(storage::Connection& db, const groups::Membership& membership);

    Context& context_;
};

}  // namespace parley::chat
