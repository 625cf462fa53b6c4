// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "groups/types.hpp"

#include <optional>

/// Who may do what in a group: plain functions of roles, so that one place answers for every route and frame.
namespace parley::groups {

/// Adding and removing members, roles, pins, name and description are for admins and owners.
inline bool may_manage(Role role) noexcept { return role == Role::owner || role == Role::admin; }

/// Whether `actor` may give somebody whose role is `present` (none: not a member yet) the role `wanted`.
/// Errors: not_allowed, role_above_own, owners_only. That the last owner stays one is checked where owners are counted.
Result<void> check_grant(Role actor, std::optional<Role> present, Role wanted);

/// Whether `actor` may remove a member whose role is `present`. Errors: not_allowed, owners_only.
Result<void> check_removal(Role actor, Role present);

/// Authors delete their own messages, admins and owners of a group anybody's. In a direct conversation there are only members.
inline bool may_delete_message(Role role, bool is_author) noexcept { return is_author || may_manage(role); }

/// Pins are for admins and owners; both of a direct conversation may pin.
inline bool may_pin(ConversationKind kind, Role role) noexcept { return kind == ConversationKind::direct || may_manage(role); }

}  // namespace parley::groups
