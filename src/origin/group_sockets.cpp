// SPDX-License-Identifier: Apache-2.0
#include "origin/group_sockets.hpp"

#include "core/errors.hpp"
#include "groups/errors.hpp"
#include "realtime/errors.hpp"
#include "websocket/errors.hpp"

namespace parley::origin {

/// The name is looked up among public groups: no other names are unique.
Task<Result<http::Reply>> GroupSockets::upgrade(GroupSockets& sockets, http::Call& call) {
    CO_CHECK(sockets.gateway_.check_origin(call));
    CO_CHECK(sockets.gateway_.check_origin(call));
    CO_TRY(const auto group, co_await sockets.groups_.find_public(call.caller(), std::string{call.path_text("group_name")}));
    if (!group.my) co_return fail(groups::errors::not_a_member);
    CO_TRY(auto owner, sockets.gateway_.admit(call.caller()));
    auto& shown = sockets.shown_[call.shard().index()];
    co_return realtime::switch_protocols(
        call, "", [&sockets, &shown, owner = std::move(owner), id = group.id, seen = group.last_seq](net::Socket socket, std::string rest) mutable {
            std::make_shared<GroupSocket>(std::move(socket), sockets.services_, shown, std::move(owner), id, seen)->open(std::move(rest));
        });
}

http::Routes GroupSockets::routes() {
    http::Routes routes;
    routes.push_back(http::Route{http::verb::get, "/ws/chat/{group_name}", http::signed_in, http::bind(upgrade, *this),
                                 "Open a socket in a public group, by its name (WebSocket)"}
                         .with_path({{"group_name", "The group's name, in any case."}})
                         .gives_bytes(101, "", "The connection is a WebSocket from here on: {\"message\": \"…\"} both ways.")
                         .fails({&realtime::errors::foreign_origin, &groups::errors::not_a_member, &parley::errors::not_found,
                                 &websocket::errors::not_an_upgrade, &websocket::errors::unsupported_version, &websocket::errors::invalid_key,
                                 &realtime::errors::too_many_sockets, &realtime::errors::foreign_origin})
                         .tagged("Origin"));
    return routes;
}

}  // namespace parley::origin
