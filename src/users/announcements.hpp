// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "storage/transaction.hpp"

namespace parley::users {

/// Something of a user that others or they themselves are shown is different now.
struct ProfileChanged final : storage::Announcement {
    explicit ProfileChanged(UserId whose) : user(whose) {}
    const UserId user;
};

}  // namespace parley::users
