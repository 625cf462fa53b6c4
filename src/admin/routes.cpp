// SPDX-License-Identifier: Apache-2.0
#include "admin/routes.hpp"

#include "admin/types.hpp"

namespace parley::admin {
namespace {

using http::Call, http::Reply, http::Route;

Task<Result<Reply>> make_user(users::Service& users, Call& call) {
    CO_TRY(auto draft, call.body<UserDraft>());
    CO_TRY(const auto user,
           co_await users.create({std::move(draft.username), std::move(draft.password), std::move(draft.email), std::nullopt}, draft.is_admin));
    co_return http::created(MadeUser{user.id});
}

}  // namespace

http::Routes control_routes(users::Service& users) {
    http::Routes routes;
    routes.push_back(Route{http::verb::post, "/control/users", http::control, http::bind(make_user, users), "Make a user"}
                         .on(http::Listening::internal_only)
                         .undocumented());
    return routes;
}

}  // namespace parley::admin
