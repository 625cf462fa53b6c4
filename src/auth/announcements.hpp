// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "storage/transaction.hpp"

namespace parley::auth {

/// A session has ended before its time: its tokens are good for nothing from now on, and its sockets close.
struct SessionRevoked final : storage::Announcement {
    SessionRevoked(SessionId which, UserId whose) : session(which), user(whose) {}
    const SessionId session;
    const UserId user;
};

}  // namespace parley::auth
