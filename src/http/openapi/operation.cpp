// SPDX-License-Identifier: Apache-2.0
#include "http/openapi/operation.hpp"

#include "http/openapi/names.hpp"
#include "http/status.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace parley::http::openapi {
namespace {

constexpr std::string_view id_schema = R"({"type":"integer","minimum":1,"maximum":9007199254740991})";
constexpr std::string_view bytes_schema = R"({"type":"string","format":"binary"})";

/// The requests of these rates carry RateLimit fields (middleware/rate_limit.hpp); failed sign-ins are counted elsewhere and do not.
bool is_counted(const Route& route) { return route.rate_class == RateClass::send || route.rate_class == RateClass::sign_up; }

std::string_view rate_sentence(RateClass rate) {
    switch (rate) {
        case RateClass::none: return {};
        case RateClass::send: return "Limited: what one user sends, over HTTP and sockets together.";
        case RateClass::sign_up: return "Limited: sign-ups from one address.";
        case RateClass::sign_in: return "Limited: failed sign-ins to one account from one address.";
    }
    return {};
}

/// An empty requirement beside another makes that one optional (OpenAPI 3.1, "Security Requirement Object").
std::string_view security_of(const Route& route) {
    if (route.access == Access::signed_in) return R"([{"bearer":[]}])";
    return route.token_optional ? R"([{"bearer":[]},{}])" : "[]";
}

void write_parameter(json::Writer& writer, std::string_view in, const QueryDoc& doc) {
    writer.begin_object();
    writer.key("name").string(doc.name);
    writer.key("in").string(in);
    if (in == "path" || doc.required) writer.key("required").boolean(true);
    writer.key("description").string(doc.sentence);
    writer.key("schema").raw(doc.schema);
    writer.end_object();
}

void write_path_parameter(json::Writer& writer, const Route& route, std::string_view name) {
    const auto doc = std::ranges::find(route.path_docs, name, &PathDoc::name);
    if (doc != route.path_docs.end()) return write_parameter(writer, "path", *doc);
    if (name == "seq") return write_parameter(writer, "path", {name, "The message's position in its conversation.", id_schema});
    const auto sentence = fmt::format("The {}'s id.", name);
    write_parameter(writer, "path", {name, sentence, id_schema});
}

void write_parameters(json::Writer& writer, const Route& route) {
    if (route.parameter_names.empty() && route.query.empty() && route.headers.empty()) return;
    writer.key("parameters").begin_array();
    for (const auto& name : route.parameter_names) write_path_parameter(writer, route, name);
    for (const auto& query : route.query) write_parameter(writer, "query", query);
    for (const auto& header : route.headers) write_parameter(writer, "header", header);
    writer.end_array();
}

void write_request_body(json::Writer& writer, const Route& route, Components& components) {
    if (route.request_schema == nullptr && route.request_raw_schema.empty()) return;
    writer.key("requestBody").begin_object();
    writer.key("required").boolean(true);
    writer.key("content").begin_object().key(route.request_media_type).begin_object().key("schema");
    if (route.request_schema != nullptr) writer.raw(route.request_schema(components.schemas()));
    else writer.raw(route.request_raw_schema);
    writer.end_object().end_object();
    writer.end_object();
}

void write_answer_headers(json::Writer& writer, const Route& route, int status, Components& components) {
    writer.key("headers").begin_object();
    components.refer_to_header(writer, "X-Request-Id");
    if (is_counted(route)) {
        components.refer_to_header(writer, "RateLimit-Policy");
        components.refer_to_header(writer, "RateLimit");
    }
    for (const auto& field : route.answer_headers) {
        if (field.status != status) continue;
        writer.key(field.name).begin_object();
        writer.key("description").string(field.sentence);
        writer.key("schema").raw(field.schema);
        writer.end_object();
    }
    writer.end_object();
}

/// The answers with one status; several of them differ in their media types.
void write_answers(json::Writer& writer, const Route& route, int status, const std::vector<const AnswerDoc*>& answers, Components& components) {
    const auto sentence = answers.front()->sentence;
    writer.key(std::to_string(status)).begin_object();
    writer.key("description").string(sentence.empty() ? std::string{reason_of(status)} + '.' : std::string{sentence});
    write_answer_headers(writer, route, status, components);
    const auto has_content = [](const AnswerDoc* answer) {
        return answer->schema != nullptr || (answer->status != 204 && !answer->media_type.empty());
    };
    if (std::ranges::any_of(answers, has_content)) {
        writer.key("content").begin_object();
        for (const auto* answer : answers) {
            if (!has_content(answer)) continue;
            writer.key(answer->media_type).begin_object().key("schema");
            if (answer->schema != nullptr) writer.raw(answer->schema(components.schemas()));
            else writer.raw(answer->media_type == json_type ? R"({"type":"object"})" : bytes_schema);
            writer.end_object();
        }
        writer.end_object();
    }
    writer.end_object();
}

/// Failures of routes that tell them in a shape of their own, which is not problem+json.
void write_foreign_failures(json::Writer& writer, Components& components) {
    writer.key("4XX").begin_object();
    writer.key("description").string("Refused: `{\"detail\": \"…\"}`, or the broken fields with their sentences, `{\"field\": [\"…\"]}`.");
    writer.key("headers").begin_object();
    components.refer_to_header(writer, "X-Request-Id");
    writer.end_object();
    writer.key("content").begin_object().key(json_type).begin_object();
    writer.key("schema").raw(R"({"type":"object"})");
    writer.end_object().end_object();
    writer.end_object();
}

void write_responses(json::Writer& writer, const Route& route, const Source& source, Components& components) {
    std::map<int, std::vector<const AnswerDoc*>> by_status;
    for (const auto& answer : route.answers) by_status[answer.status].push_back(&answer);
    writer.key("responses").begin_object();
    for (const auto& [status, answers] : by_status) write_answers(writer, route, status, answers, components);
    if (source.router.error_reply_of(route.path) != nullptr) {
        write_foreign_failures(writer, components);
    } else {
        for (const auto& [status, kinds] : failures_of(route, source)) components.write_failure(writer, status, kinds, is_counted(route));
    }
    writer.end_object();
}

}  // namespace

void write_operation(json::Writer& writer, const Route& route, const Source& source, Components& components) {
    writer.begin_object();
    writer.key("operationId").string(operation_id(route));
    writer.key("tags").begin_array().string(route.tag.empty() ? "Other" : route.tag).end_array();
    writer.key("summary").string(route.summary);
    if (const auto sentence = rate_sentence(route.rate_class); !sentence.empty()) writer.key("description").string(sentence);
    writer.key("security").raw(security_of(route));
    write_parameters(writer, route);
    write_request_body(writer, route, components);
    write_responses(writer, route, source, components);
    writer.end_object();
}

}  // namespace parley::http::openapi
