// SPDX-License-Identifier: Apache-2.0
#include "http/middleware/authentication.hpp"

#include "http/errors.hpp"
#include "http/route.hpp"
#include "http/syntax.hpp"

#include <array>

namespace parley::http {
namespace {

Result<void> refuse_tokens_in_url(const Call& call) {
    const auto query = call.target().query;
    if (query.empty()) return {};
    for (const std::string_view name : {"access_token", "refresh_token", "token", "ticket", "authorization"}) {
        const auto found = find_query(query, name);
        if (!found || found->has_value()) return fail(errors::token_in_url);
    }
    return {};
}

}  // namespace

std::optional<std::string_view> bearer_token(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "Bearer ";
    if (authorization.size() <= scheme.size() || !equal_ignoring_case(authorization.substr(0, scheme.size()), "bearer ")) return std::nullopt;
    auto token = authorization.substr(scheme.size());
    while (token.starts_with(' ')) token.remove_prefix(1);
    return token;
}

Result<void> Authentication::before(Call& call) {
    CHECK(refuse_tokens_in_url(call));
    const auto access = call.route == nullptr ? Access::open : call.route->access;
    const auto authorization = call.header("authorization");
    const auto token = bearer_token(authorization);
    if (access == Access::control) return token ? check_control_(*token) : Result<void>{fail(errors::not_signed_in)};
    if (access == Access::open) return {};
    if (!token) return fail(errors::not_signed_in);
    TRY(const auto caller, check_(call.shard(), *token));
    call.set_caller(caller);
    return {};
}

}  // namespace parley::http
