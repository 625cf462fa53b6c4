// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/time.hpp"

namespace parley {

/// Who is calling, as the access token said and the session still confirms.
struct Caller {
    UserId user;
    SessionId session;
    Timestamp token_expires_at;
};

}  // namespace parley
