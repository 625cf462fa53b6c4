// SPDX-License-Identifier: Apache-2.0
#include "origin/routes.hpp"

#include "http/errors.hpp"
#include "origin/error_reply.hpp"

#include <fmt/format.h>
#include <array>
#include <string_view>
#include <utility>

namespace parley::origin {
namespace {

using http::Call, http::Reply, http::Route, http::Verb;

/// The parts of the tree whose errors have the origin's shapes.
constexpr std::array<std::string_view, 4> prefixes{"/api/users", "/api/token", "/api/groups", "/api/chat"};

std::string allowed_on(const Route& route) {
    return fmt::format("{}, OPTIONS", route.verb == Verb::get ? std::string_view{"GET, HEAD"} : json::name_of(route.verb));
}

Task<Result<Reply>> refuse(std::string allowed, Call& call) {
    if (lacks_slash(call)) co_return slash_redirect(call);
    call.reply_headers.emplace_back("Allow", std::move(allowed));
    if (call.verb() == Verb::options) co_return http::no_content();
    co_return fail(http::errors::method_not_allowed);
}

}  // namespace

void add_view(http::Routes& routes, Route route) {
    const auto allowed = allowed_on(route);
    for (const auto verb : {Verb::get, Verb::post, Verb::put, Verb::patch, Verb::delete_, Verb::options}) {
        if (verb == route.verb) continue;
        const auto access = verb == Verb::options ? http::open_to_all : route.access;
        routes.push_back(Route{verb, route.path, access, [allowed](Call& call) { return refuse(allowed, call); }, "Not allowed"}.undocumented());
    }
    routes.push_back(std::move(route));
}

Result<RequestData> data_of(const Call& call) { return read_request_data(call.header("content-type"), call.raw_body()); }

void add_routes(http::Router& router, RouteContext& context) {
    router.add(account_routes(context));
    router.add(group_routes(context));
    router.add(message_routes(context));
    router.add(context.sockets.routes());
    for (const auto prefix : prefixes) router.set_error_reply(std::string{prefix}, error_reply);
}

}  // namespace parley::origin
