// SPDX-License-Identifier: Apache-2.0
#include "auth/errors.hpp"
#include "auth/password_rules.hpp"
#include "auth/python_text.hpp"
#include "core/json/errors.hpp"
#include "origin/errors.hpp"
#include "origin/routes.hpp"
#include "origin/types.hpp"
#include "origin/validation.hpp"
#include "users/email.hpp"
#include "users/errors.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace parley::origin {
namespace {

using http::Call, http::Reply, http::Route;
namespace verb = http::verb;

/// Of the columns of Django's user model.
constexpr std::size_t longest_username = 150, longest_email = 254, longest_password = 128;
constexpr std::string_view invalid_username = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.";
constexpr std::string_view invalid_email = "Enter a valid email address.";
constexpr std::string_view username_taken = "A user with that username already exists.";

/// Django's UnicodeUsernameValidator; what it takes and Parley does not (invisible letters), the service refuses.
bool is_username(std::string_view text) {
    constexpr std::u32string_view punctuation = U".@+-";
    return std::ranges::all_of(auth::python::code_points(text), [&](char32_t c) { return punctuation.contains(c) || auth::python::is_word(c); });
}

Task<Result<std::optional<std::string>>> read_username(RouteContext& context, Validation& validation) {
    constexpr std::string_view field = "username";
    auto name = validation.text(field);
    if (!name) co_return std::nullopt;
    if (!is_username(*name)) {
        validation.note(field, std::string{invalid_username});
    } else {
        CO_TRY(const bool taken, co_await context.users.is_taken(*name));
        if (taken) validation.note(field, std::string{username_taken});
    }
    validation.check_length(field, *name, longest_username);
    validation.check_nulls(field, *name);
    co_return name;
}

std::optional<std::string> read_email(Validation& validation) {
    constexpr std::string_view field = "email";
    auto email = validation.text(field, {.required = false, .may_be_blank = true, .when_no_text = invalid_email});
    if (!email || email->empty()) return std::nullopt;
    validation.check_length(field, *email, longest_email);
    validation.check_nulls(field, *email);
    if (!users::is_email(*email)) validation.note(field, std::string{invalid_email});
    // As Django's normalize_email: names before the @ may tell cases apart, domains do not.
    const auto at = email->rfind('@');
    return email->substr(0, at + 1) + auth::python::utf8(auth::python::lower(email->substr(at + 1)));
}

std::optional<std::string> read_new_password(Validation& validation) {
    auto password = validation.text("password");
    if (!password) return std::nullopt;
    validation.check_length("password", *password, longest_password);
    validation.check_nulls("password", *password);
    return password;
}

/// Django's sentences for broken rules, in the order in which its projects are set up to check.
void check_rules(Validation& validation, std::string_view password, const auth::PersonalFacts& facts) {
    const auto broken = auth::check_password(password, facts);
    const auto note = [&](const ErrorKind& rule, std::string sentence) {
        if (std::ranges::find(broken, &rule) != broken.end()) validation.note("password", std::move(sentence));
    };
    note(auth::errors::too_similar,
         fmt::format("The password is too similar to the {}.", auth::find_similar_fact(password, facts).value_or("username")));
    note(json::errors::too_short, fmt::format("This password is too short. It must contain at least {} characters.", auth::min_password_length));
    note(auth::errors::too_common, "This password is too common.");
    note(auth::errors::all_digits, "This password is entirely numeric.");
}

Task<Result<Reply>> register_user(RouteContext& context, Call& call) {
    CO_TRY(const auto data, data_of(call));
    Validation validation{data};
    CO_TRY(const auto username, co_await read_username(context, validation));
    const auto email = read_email(validation);
    const auto password = read_new_password(validation);
    if (!validation.failed()) check_rules(validation, *password, {.username = *username, .display_name = "", .email = email.value_or("")});
    if (validation.failed()) co_return fail(validation.take_error());
    auto user = co_await context.users.sign_up({.username = *username, .password = *password, .email = email, .display_name = {}});
    if (!user && user.error().is(users::errors::username_taken)) {  // in the moment since it was looked up
        validation.note("username", std::string{username_taken});
        co_return fail(validation.take_error());
    }
    if (!user) co_return std::unexpected(std::move(user).error());
    co_return http::created(RegisteredUser{user->id, user->username, user->email});
}

/// A text of SimpleJWT's serializers.
std::optional<std::string> read_text(Validation& validation, std::string_view name) {
    auto text = validation.text(name);
    if (text) validation.check_nulls(name, *text);
    return text;
}

Task<Result<Reply>> obtain_tokens(RouteContext& context, Call& call) {
    CO_TRY(const auto data, data_of(call));
    Validation validation{data};
    auto username = read_text(validation, "username");
    auto password = read_text(validation, "password");
    if (validation.failed()) co_return fail(validation.take_error());
    const auth::Device device{std::string{call.user_agent()}, call.client().to_string()};
    auto entered = co_await context.users.sign_in(*std::move(username), *std::move(password), auth::SessionKind::origin, device);
    if (!entered && entered.error().is(auth::errors::invalid_credentials)) co_return fail(errors::no_active_account);
    if (!entered) co_return std::unexpected(std::move(entered).error());
    co_return http::ok(TokenPair{std::move(entered->tokens.refresh_token), std::move(entered->tokens.access_token)});
}

Task<Result<Reply>> refresh_token(RouteContext& context, Call& call) {
    CO_TRY(const auto data, data_of(call));
    Validation validation{data};
    const auto refresh = read_text(validation, "refresh");
    if (validation.failed()) co_return fail(validation.take_error());
    auto access = co_await context.sessions.refresh_origin(*refresh);
    if (!access && access.error().is(auth::errors::invalid_refresh_token)) {
        const bool is_access_token = context.guard.check(call.shard(), *refresh).has_value();
        if (is_access_token) co_return fail(errors::token_not_valid, "Token has wrong type");
        co_return fail(errors::token_not_valid);
    }
    if (!access) co_return std::unexpected(std::move(access).error());
    co_return http::ok(AccessToken{*std::move(access)});
}

/// Good for tokens of either kind.
Task<Result<Reply>> verify_token(RouteContext& context, Call& call) {
    CO_TRY(const auto data, data_of(call));
    Validation validation{data};
    const auto token = read_text(validation, "token");
    if (validation.failed()) co_return fail(validation.take_error());
    if (context.guard.check(call.shard(), *token)) co_return http::ok(Nothing{});
    auto verified = co_await context.sessions.verify_origin(*token);
    if (!verified && verified.error().is(auth::errors::invalid_refresh_token)) co_return fail(errors::token_not_valid);
    if (!verified) co_return std::unexpected(std::move(verified).error());
    co_return http::ok(Nothing{});
}

constexpr std::string_view registration_schema =
    R"({"type":"object","required":["username","password"],"properties":{"username":{"type":"string","maxLength":150},)"
    R"("email":{"type":"string","maxLength":254},"password":{"type":"string","minLength":8,"maxLength":128}}})";
constexpr std::string_view credentials_schema =
    R"({"type":"object","required":["username","password"],"properties":{"username":{"type":"string"},"password":{"type":"string"}}})";
constexpr std::string_view refresh_schema = R"({"type":"object","required":["refresh"],"properties":{"refresh":{"type":"string"}}})";
constexpr std::string_view verify_schema = R"({"type":"object","required":["token"],"properties":{"token":{"type":"string"}}})";

}  // namespace

http::Routes account_routes(RouteContext& context) {
    http::Routes routes;
    add_view(routes, Route{verb::post, "/api/users/register", http::open_to_all, http::bind(register_user, context), "Make an account"}
                         .takes_form(http::json_type, registration_schema)
                         .gives<RegisteredUser>(201)
                         .limited(http::RateClass::sign_up)
                         .tagged("Origin"));
    add_view(routes, Route{verb::post, "/api/token", http::open_to_all, http::bind(obtain_tokens, context), "Sign in"}
                         .takes_form(http::json_type, credentials_schema)
                         .gives<TokenPair>()
                         .limited(http::RateClass::sign_in)
                         .tagged("Origin"));
    add_view(routes, Route{verb::post, "/api/token/refresh", http::open_to_all, http::bind(refresh_token, context), "Get another access token"}
                         .takes_form(http::json_type, refresh_schema)
                         .gives<AccessToken>()
                         .tagged("Origin"));
    add_view(routes, Route{verb::post, "/api/token/verify", http::open_to_all, http::bind(verify_token, context), "Ask whether a token is good"}
                         .takes_form(http::json_type, verify_schema)
                         .gives<Nothing>()
                         .tagged("Origin"));
    return routes;
}

}  // namespace parley::origin
