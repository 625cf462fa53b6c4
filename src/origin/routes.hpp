// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/guard.hpp"
#include "auth/sessions.hpp"
#include "chat/groups.hpp"
#include "chat/messages.hpp"
#include "http/middleware/host_check.hpp"
#include "http/router.hpp"
#include "origin/group_sockets.hpp"
#include "origin/request_data.hpp"
#include "users/service.hpp"

namespace parley::origin {

/// What the routes work with. Built in `app`, outlives them.
struct RouteContext {
    users::Service& users;
    auth::Sessions& sessions;
    auth::Guard& guard;
    chat::Groups& groups;
    chat::Messages& messages;
    const http::PublicOrigin& public_origin;
    GroupSockets& sockets;
};

/// Adds the origin's routes and the shapes of their errors (api.md section 7).
void add_routes(http::Router& router, RouteContext& context);

http::Routes account_routes(RouteContext& context);
http::Routes group_routes(RouteContext& context);
http::Routes message_routes(RouteContext& context);

/// A view of Django REST framework's: the route itself, and for every other method of its path 405, 401 first if it is for the signed in; reading
/// without the slash redirects.
void add_view(http::Routes& routes, http::Route route);

/// The fields of a request's body. Errors: those of read_request_data.
Result<RequestData> data_of(const http::Call& call);

}  // namespace parley::origin
