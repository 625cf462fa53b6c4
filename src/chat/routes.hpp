// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/change_watch.hpp"
#include "chat/conversations.hpp"
#include "chat/groups.hpp"
#include "chat/messages.hpp"
#include "http/cursor.hpp"
#include "http/route.hpp"

#include <cstdint>

namespace parley::chat {

struct RouteContext {
    Messages& messages;
    Conversations& conversations;
    Groups& groups;
    const http::Cursors& cursors;
    std::int64_t page_items;
    WatchChanges watch_changes;
};

/// `context` outlives the routes.
http::Routes message_routes(RouteContext& context);
http::Routes conversation_routes(RouteContext& context);
http::Routes group_routes(RouteContext& context);

}  // namespace parley::chat
