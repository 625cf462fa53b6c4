// SPDX-License-Identifier: Apache-2.0
#include "users/routes.hpp"

#include "auth/errors.hpp"
#include "core/errors.hpp"
#include "http/middleware/rate_limit.hpp"
#include "http/page.hpp"
#include "users/errors.hpp"

#include <fmt/format.h>

namespace parley::users {
namespace {

using http::Call, http::Reply, http::Route;
namespace verb = http::verb;

SignedIn to_signed_in(Service::Entered entered) {
    return {std::move(entered.tokens.access_token), std::move(entered.tokens.refresh_token), "Bearer", entered.tokens.expires_in.count(),
            to_own_user(entered.user)};
}

Task<Result<Reply>> sign_up(RouteContext& context, Call& call) {
    CO_TRY(auto draft, call.body<SignUp>());
    CO_TRY(const auto user, co_await context.users.sign_up(std::move(draft)));
    co_return http::created(to_own_user(user));
}

Task<Result<Reply>> sign_in(RouteContext& context, Call& call) {
    CO_TRY(auto credentials, call.body<SignIn>());
    const auth::Device device{std::string{call.user_agent()}, call.client().to_string()};
    CO_TRY(auto entered,
           co_await context.users.sign_in(std::move(credentials.username), std::move(credentials.password), auth::SessionKind::parley, device));
    co_return http::ok(to_signed_in(std::move(entered)));
}

Task<Result<Reply>> refresh(RouteContext& context, Call& call) {
    CO_TRY(auto request, call.body<RefreshRequest>());
    CO_TRY(auto entered, co_await context.users.refresh(std::move(request.refresh_token)));
    co_return http::ok(to_signed_in(std::move(entered)));
}

Task<Result<Reply>> get_me(RouteContext& context, Call& call) {
    CO_TRY(const auto user, co_await context.users.find(call.caller().user));
    co_return http::ok(to_own_user(user));
}

Task<Result<Reply>> patch_me(RouteContext& context, Call& call) {
    CO_TRY(auto change, call.body<ProfileChange>());
    CO_TRY(const auto user, co_await context.users.change_profile(call.caller(), std::move(change)));
    co_return http::ok(to_own_user(user));
}

Task<Result<Reply>> change_password(RouteContext& context, Call& call) {
    CO_TRY(auto change, call.body<PasswordChange>());
    CO_CHECK(co_await context.users.change_password(call.caller(), std::move(change)));
    co_return http::no_content();
}

Task<Result<Reply>> search(RouteContext& context, Call& call) {
    CO_TRY(auto query, call.query("q"));
    const auto prefix = query.value_or("");
    const auto list = fmt::format("users {}", prefix);
    CO_TRY(auto request, http::page_request(call, context.cursors, list, context.page_items));
    CO_TRY(auto found, co_await context.users.search(prefix, std::move(request.after), request.limit));
    http::Page<User> page{std::move(found.items), std::nullopt};
    if (found.next) page.next_cursor = context.cursors.make(call.caller().user, list, *found.next);
    co_return http::ok(page);
}

Task<Result<Reply>> get_user(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<UserId>("user"));
    CO_TRY(const auto user, co_await context.users.find(id));
    if (id == call.caller().user) co_return http::ok(to_own_user(user));
    co_return http::ok(to_user(user));
}

}  // namespace

http::Routes routes(RouteContext& context) {
    http::Routes routes;
    routes.push_back(Route{verb::post, "/api/v1/users", http::open_to_all, http::bind(sign_up, context), "Make an account"}
                         .takes<SignUp>()
                         .gives<OwnUser>(201)
                         .fails({&errors::username_taken, &errors::registration_closed, &errors::invite_required, &errors::invalid_username,
                                 &errors::invalid_email, &errors::invalid_display_name, &auth::errors::too_common, &auth::errors::too_similar,
                                 &auth::errors::all_digits})
                         .limited(http::RateClass::sign_up)
                         .tagged("Accounts"));
    routes.push_back(Route{verb::post, "/api/v1/auth/token", http::open_to_all, http::bind(sign_in, context), "Sign in"}
                         .takes<SignIn>()
                         .gives<SignedIn>()
                         .fails({&auth::errors::invalid_credentials, &auth::errors::too_many_failures})
                         .limited(http::RateClass::sign_in)
                         .tagged("Accounts"));
    routes.push_back(
        Route{verb::post, "/api/v1/auth/refresh", http::open_to_all, http::bind(refresh, context), "Trade a refresh token for new tokens"}
            .takes<RefreshRequest>()
            .gives<SignedIn>()
            .fails({&auth::errors::invalid_refresh_token})
            .tagged("Accounts"));
    routes.push_back(
        Route{verb::get, "/api/v1/users/me", http::signed_in, http::bind(get_me, context), "One's own account"}.gives<OwnUser>().tagged("Accounts"));
    routes.push_back(Route{verb::patch, "/api/v1/users/me", http::signed_in, http::bind(patch_me, context), "Change one's own profile"}
                         .takes<ProfileChange>()
                         .gives<OwnUser>()
                         .fails({&errors::invalid_display_name, &errors::invalid_email})
                         .tagged("Accounts"));
    routes.push_back(Route{verb::post, "/api/v1/users/me/password", http::signed_in, http::bind(change_password, context),
                           "Change the password; ends all other sessions"}
                         .takes<PasswordChange>()
                         .gives_nothing()
                         .fails({&auth::errors::wrong_password, &auth::errors::too_many_failures})
                         .tagged("Accounts"));
    routes.push_back(
        Route{verb::get, "/api/v1/users", http::signed_in, http::bind(search, context), "Find people by prefix of username or display name"}
            .with_query({{"q", "The prefix, in any case."}, http::limit_doc, http::cursor_doc})
            .gives<http::Page<User>>()
            .tagged("Accounts"));
    routes.push_back(Route{verb::get, "/api/v1/users/{user}", http::signed_in, http::bind(get_user, context), "A user"}
                         .gives<User>()
                         .fails({&parley::errors::not_found})
                         .tagged("Accounts"));
    return routes;
}

}  // namespace parley::users
