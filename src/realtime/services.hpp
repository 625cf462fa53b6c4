// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/guard.hpp"
#include "auth/sessions.hpp"
#include "chat/context.hpp"
#include "chat/conversations.hpp"
#include "chat/messages.hpp"
#include "core/rate_limiter.hpp"
#include "core/task_group.hpp"
#include "logging/logger.hpp"
#include "realtime/hub.hpp"
#include "realtime/socket_counts.hpp"
#include "realtime/typing.hpp"
#include "realtime/watchers.hpp"
#include "websocket/session.hpp"

#include <functional>

namespace parley::realtime {

/// What a socket works with. Built in `app`, outlives every socket.
struct Services {
    chat::Context& chat;
    chat::Messages& messages;
    chat::Conversations& conversations;
    auth::Sessions& sessions;
    auth::Guard& guard;
    RateLimiter* send_limit;  // null where rate limits are off
    SocketCounts& counts;
    const websocket::SessionSettings& settings;
    std::function<Hub&(net::Shard&)> hub_of;
    std::function<TaskGroup&(net::Shard&)> tasks_of;
    Typing& typing;
    Presence& presence;
    std::function<Watchers&(net::Shard&)> watchers_of;
};

}  // namespace parley::realtime
