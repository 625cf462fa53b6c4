// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/groups.hpp"
#include "http/route.hpp"
#include "net/shard.hpp"
#include "origin/group_socket.hpp"
#include "realtime/gateway.hpp"
#include "realtime/services.hpp"

#include <vector>

namespace parley::origin {

/// The door of the origin's sockets: `WS /ws/chat/{group_name}/`.
class GroupSockets {
public:
    GroupSockets(net::Shards& shards, realtime::Gateway& gateway, realtime::Services& services, chat::Groups& groups)
        : gateway_(gateway),
          services_(services),
          groups_(groups),
          shown_(shards.size()) {}

    http::Routes routes();

private:
    static Task<Result<http::Reply>> upgrade(GroupSockets& sockets, http::Call& call);

    realtime::Gateway& gateway_;
    realtime::Services& services_;
    chat::Groups& groups_;
    std::vector<ShownMessage> shown_;  // by shard
};

}  // namespace parley::origin
