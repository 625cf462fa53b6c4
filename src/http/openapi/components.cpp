// SPDX-License-Identifier: Apache-2.0
#include "http/openapi/components.hpp"

#include "http/openapi/names.hpp"
#include "http/status.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace parley::http::openapi {
namespace {

struct CommonHeader {
    std::string_view name;
    std::string_view component;
    std::string_view sentence;
    std::string_view schema;
};

constexpr std::string_view text_schema = R"({"type":"string"})";
constexpr std::array common_headers{
    CommonHeader{"X-Request-Id", "RequestId", "The request's id, as it stands in problems and in the server's log; one that was sent is kept.",
                 text_schema},
    CommonHeader{"Retry-After", "RetryAfter", "Seconds after which it is worth trying again.", R"({"type":"integer","minimum":1})"},
    CommonHeader{"RateLimit-Policy", "RateLimitPolicy", "The rate: its name, `q` requests at once, refilled within `w` seconds.", text_schema},
    CommonHeader{"RateLimit", "RateLimit", "What is left of it: `r` requests, the next one in `t` seconds.", text_schema},
    CommonHeader{"WWW-Authenticate", "Authenticate", "How to sign in: `Bearer`.", text_schema}};

constexpr std::string_view problem_schema =
    R"({"type":"object","description":"What went wrong (RFC 9457).","properties":{)"
    R"("type":{"type":"string","format":"uri","description":"The kind of problem, as a name: urn:parley:error: and the code."},)"
    R"("title":{"type":"string","description":"What the status means."},)"
    R"("status":{"type":"integer","minimum":400,"maximum":599,"description":"The status of the answer."},)"
    R"("detail":{"type":"string","description":"A sentence for people; it may change."},)"
    R"("code":{"$ref":"#/components/schemas/ErrorCode"},)"
    R"("request_id":{"type":"string","description":"The request's id, as in X-Request-Id."},)"
    R"("errors":{"type":"array","description":"The broken fields, where it is about fields.","items":{"$ref":"#/components/schemas/FieldProblem"}}},)"
    R"("required":["type","title","status","detail","code","request_id"]})";
constexpr std::string_view field_problem_schema =
    R"({"type":"object","description":"What is wrong with one field of a request.","properties":{)"
    R"("pointer":{"type":"string","description":"Where it stands in the body (RFC 6901), such as /text."},)"
    R"("code":{"$ref":"#/components/schemas/ErrorCode"},)"
    R"("detail":{"type":"string","description":"A sentence for people; it may change."}},)"
    R"("required":["pointer","code","detail"]})";
constexpr std::string_view bearer_scheme =
    R"({"type":"http","scheme":"bearer","description":"An access token of POST /api/v1/auth/token, good for some minutes."})";

std::string list_of(const Failures::mapped_type& kinds) {
    std::string list;
    for (const auto* kind : kinds) list += fmt::format("{}- `{}`: {}", list.empty() ? "" : "\n", kind->code, kind->sentence);
    return list;
}

std::string problem_of(const Failures::mapped_type& kinds) {
    std::string codes;
    for (const auto* kind : kinds) codes += (codes.empty() ? "" : ",") + json::to_json(kind->code);
    return R"({"allOf":[{"$ref":"#/components/schemas/Problem"},{"type":"object","properties":{"code":{"enum":[)" + codes + "]}}}]}";
}

}  // namespace

void Components::refer_to_header(json::Writer& writer, std::string_view name) {
    const auto* const found = std::ranges::find(common_headers, name, &CommonHeader::name);
    used_headers_.insert(found->name);
    writer.key(name).begin_object().key("$ref").string(fmt::format("#/components/headers/{}", found->component)).end_object();
}

void Components::write_failure(json::Writer& writer, int status, const Failures::mapped_type& kinds, bool counted) {
    writer.key(std::to_string(status));
    const auto shared = shared_.find(status);
    if (counted || shared == shared_.end() || shared->second != kinds) return write_problem(writer, status, kinds, counted);
    used_responses_.insert(status);
    writer.begin_object().key("$ref").string("#/components/responses/" + response_name(status)).end_object();
}

void Components::write_problem(json::Writer& writer, int status, const Failures::mapped_type& kinds, bool counted) {
    writer.begin_object();
    writer.key("description").string(list_of(kinds));
    writer.key("headers").begin_object();
    refer_to_header(writer, "X-Request-Id");
    if (status == 401) refer_to_header(writer, "WWW-Authenticate");
    if (status == 429 || status == 503) refer_to_header(writer, "Retry-After");
    if (counted) {
        refer_to_header(writer, "RateLimit-Policy");
        refer_to_header(writer, "RateLimit");
    }
    writer.end_object();
    writer.key("content").begin_object().key("application/problem+json").begin_object();
    writer.key("schema").raw(problem_of(kinds));
    writer.end_object().end_object();
    writer.end_object();
}

void Components::write(json::Writer& writer) {
    writer.begin_object();
    writer.key("securitySchemes").begin_object().key("bearer").raw(bearer_scheme).end_object();
    write_responses(writer);
    write_headers(writer);
    write_schemas(writer);
    writer.end_object();
}

void Components::write_responses(json::Writer& writer) {
    if (used_responses_.empty()) return;
    writer.key("responses").begin_object();
    for (const int status : used_responses_) {
        writer.key(response_name(status));
        write_problem(writer, status, shared_.at(status), false);
    }
    writer.end_object();
}

void Components::write_headers(json::Writer& writer) const {
    writer.key("headers").begin_object();
    for (const auto& header : common_headers) {
        if (!used_headers_.contains(header.name)) continue;
        writer.key(header.component).begin_object();
        writer.key("description").string(header.sentence);
        writer.key("schema").raw(header.schema);
        writer.end_object();
    }
    writer.end_object();
}

void Components::write_schemas(json::Writer& writer) const {
    writer.key("schemas").begin_object();
    for (const auto& [name, schema] : schemas_.components()) writer.key(name).raw(schema);
    writer.key("Problem").raw(problem_schema);
    writer.key("FieldProblem").raw(field_problem_schema);
    writer.key("ErrorCode").begin_object();
    writer.key("type").string("string");
    writer.key("description").string("What went wrong, for programs: codes are stable.");
    writer.key("enum").begin_array();
    for (const auto* kind : source_.all_errors) writer.string(kind->code);
    writer.end_array();
    writer.end_object();
    writer.end_object();
}

}  // namespace parley::http::openapi
