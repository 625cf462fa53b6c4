// SPDX-License-Identifier: Apache-2.0
#include "auth/routes.hpp"

#include "core/errors.hpp"

namespace parley::auth {
namespace {

using http::Call, http::Reply, http::Route;
namespace verb = http::verb;

Task<Result<Reply>> log_out(Sessions& sessions, Call& call) {
    CO_CHECK(co_await sessions.revoke(call.caller(), call.caller().session));
    co_return http::no_content();
}

Task<Result<Reply>> list_sessions(Sessions& sessions, Call& call) {
    CO_TRY(const auto list, co_await sessions.list(call.caller()));
    co_return http::ok(list);
}

Task<Result<Reply>> revoke_session(Sessions& sessions, Call& call) {
    CO_TRY(const auto session, call.path<SessionId>("session"));
    CO_CHECK(co_await sessions.revoke(call.caller(), session));
    co_return http::no_content();
}

Task<Result<Reply>> make_ticket(Sessions& sessions, Call& call) {
    CO_TRY(const auto ticket, co_await sessions.make_ticket(call.caller()));
    co_return http::ok(ticket);
}

}  // namespace

http::Routes routes(Sessions& sessions) {
    http::Routes routes;
    routes.push_back(
        Route{verb::post, "/api/v1/auth/logout", http::signed_in, http::bind(log_out, sessions), "End this session"}.gives_nothing().tagged(
            "Accounts"));
    routes.push_back(Route{verb::get, "/api/v1/auth/sessions", http::signed_in, http::bind(list_sessions, sessions), "List one's own sessions"}
                         .gives<SessionList>()
                         .tagged("Accounts"));
    routes.push_back(Route{verb::delete_, "/api/v1/auth/sessions/{session}", http::signed_in, http::bind(revoke_session, sessions),
                           "End one of one's own sessions"}
                         .gives_nothing()
                         .fails({&parley::errors::not_found})
                         .tagged("Accounts"));
    routes.push_back(
        Route{verb::post, "/api/v1/auth/ticket", http::signed_in, http::bind(make_ticket, sessions), "Make a ticket for opening a socket"}
            .gives<Ticket>()
            .tagged("Accounts"));
    return routes;
}

}  // namespace parley::auth
