// SPDX-License-Identifier: Apache-2.0
#include "origin/error_reply.hpp"

#include "auth/errors.hpp"
#include "chat/errors.hpp"
#include "core/json/errors.hpp"
#include "core/json/writer.hpp"
#include "groups/errors.hpp"
#include "http/errors.hpp"
#include "http/status.hpp"
#include "http/syntax.hpp"
#include "origin/errors.hpp"
#include "users/errors.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <vector>

namespace parley::origin {
namespace {

using http::Reply;

constexpr std::string_view invalid_access_token =
    R"({"detail":"Given token not valid for any token type","code":"token_not_valid",)"
    R"("messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is invalid or expired"}]})";
constexpr std::string_view bad_authorization_header =
    R"({"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"})";

std::string detail_json(std::string_view sentence) {
    std::string text;
    json::Writer{text}.begin_object().key("detail").string(sentence).end_object();
    return text;
}

/// SimpleJWT's DetailDictMixin.
std::string detail_and_code_json(std::string_view sentence, std::string_view code) {
    std::string text;
    json::Writer{text}.begin_object().key("detail").string(sentence).key("code").string(code).end_object();
    return text;
}

/// What the services found wrong with a field, in Django's words.
std::string sentence_of(const FieldError& field) {
    if (field.kind == &users::errors::invalid_username)
        return "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.";
    if (field.kind == &users::errors::invalid_email) return "Enter a valid email address.";
    if (field.kind == &json::errors::too_short) return "This field may not be blank.";
    if (field.kind == &json::errors::too_long) return "This value has too many characters.";  // in bytes, for the origin counts fewer
    return std::string{field.detail.empty() ? field.kind->sentence : field.detail};
}

/// `{"field": ["sentence", …], …}`, each field once, in the order of its first mistake.
std::string fields_json(std::span<const FieldError> fields) {
    std::vector<std::string_view> names;
    for (const auto& field : fields)
        if (std::ranges::find(names, field.pointer) == names.end()) names.emplace_back(field.pointer);
    std::string text;
    json::Writer writer{text};
    writer.begin_object();
    for (const auto name : names) {
        writer.key_escaped(name.empty() ? "non_field_errors" : name.substr(1)).begin_array();
        for (const auto& field : fields)
            if (field.pointer == name) writer.string(sentence_of(field));
        writer.end_array();
    }
    writer.end_object();
    return text;
}

/// The words of a header value, at most three of them: more is as wrong as three.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (text = http::trim(text); !text.empty() && words.size() < 3; text = http::trim(text)) {
        const auto end = std::min(text.find_first_of(" \t"), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

std::string unauthenticated_json(const http::Call& call, const Error& error) {
    if (error.is(errors::no_active_account)) return detail_json(error.detail());
    if (error.is(errors::token_not_valid)) return detail_and_code_json(error.detail(), error.kind().code);
    const auto words = words_of(call.header("authorization"));
    if (words.empty() || words.front() != "Bearer") return detail_json("Authentication credentials were not provided.");
    return std::string{words.size() == 2 ? invalid_access_token : bad_authorization_header};
}

std::int64_t seconds_to_wait(const Error& error) {
    const auto wait = error.retry_after().value_or(std::chrono::seconds{1});
    return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
}

std::string sentence_of(const http::Call& call, const Error& error, std::int64_t wait) {
    switch (error.kind().error_class) {
        case ErrorClass::not_found: return error.is(chat::errors::no_such_page) ? "Invalid page." : "Not found.";
        case ErrorClass::method_not_allowed: return fmt::format("Method \"{}\" not allowed.", call.head().method);
        case ErrorClass::too_many: return fmt::format("Request was throttled. Expected available in {} second{}.", wait, wait == 1 ? "" : "s");
        default: break;
    }
    if (error.is(groups::errors::not_a_member)) return "You do not have permission to perform this action.";
    return std::string{error.detail()};
}

/// Django REST framework has neither 409 nor 422.
int status_of(const Error& error) {
    const auto error_class = error.kind().error_class;
    const bool refused = error_class == ErrorClass::unprocessable || error_class == ErrorClass::conflict || !error.fields().empty();
    return refused ? 400 : http::status_of(error_class);
}

}  // namespace

bool lacks_slash(const http::Call& call) {
    const bool reads = call.verb() == http::Verb::get || call.verb() == http::Verb::head;
    return call.route != nullptr && reads && !call.decoded_path().trailing_slash();
}

Reply slash_redirect(const http::Call& call) {
    const auto target = call.target();
    Reply reply{.status = 301, .content_type = {}, .body = {}};
    reply.header("Location", fmt::format("{}/{}{}", target.path, target.query.empty() ? "" : "?", target.query));
    return reply;
}

Reply error_reply(const http::Call& call, const Error& error) {
    if (lacks_slash(call)) return slash_redirect(call);
    const int status = status_of(error);
    if (!error.fields().empty()) return http::json_reply(status, fields_json(error.fields()));
    if (status == 401) {
        auto reply = http::json_reply(status, unauthenticated_json(call, error));
        reply.header("WWW-Authenticate", R"(Bearer realm="api")");
        return reply;
    }
    const auto wait = seconds_to_wait(error);
    auto reply = http::json_reply(status, detail_json(sentence_of(call, error, wait)));
    if (status == 429 || status == 503 || error.retry_after()) reply.header("Retry-After", std::to_string(wait));
    return reply;
}

}  // namespace parley::origin
