// SPDX-License-Identifier: Apache-2.0
#include "groups/rules.hpp"

#include "groups/errors.hpp"

namespace parley::groups {

Result<void> check_grant(Role actor, std::optional<Role> present, Role wanted) {
    if (!may_manage(actor)) return fail(errors::not_allowed);
    if (present == Role::owner && actor != Role::owner) return fail(errors::owners_only);
    if (wanted < actor) return fail(errors::role_above_own);
    return {};
}

Result<void> check_removal(Role actor, Role present) {
    if (!may_manage(actor)) return fail(errors::not_allowed);
    if (present == Role::owner && actor != Role::owner) return fail(errors::owners_only);
    return {};
}

}  // namespace parley::groups
