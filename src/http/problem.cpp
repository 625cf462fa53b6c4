// SPDX-License-Identifier: Apache-2.0
#include "http/problem.hpp"

#include "core/json/writer.hpp"
#include "http/status.hpp"

#include <fmt/format.h>

namespace parley::http {
namespace {

void append_fields(json::Writer& writer, std::span<const FieldError> fields) {
    writer.key("errors").begin_array();
    for (const auto& field : fields) {
        writer.begin_object();
        writer.key("pointer").string(field.pointer);
        writer.key("code").string(field.kind->code);
        writer.key("detail").string(field.detail.empty() ? field.kind->sentence : field.detail);
        writer.end_object();
    }
    writer.end_array();
}

}  // namespace

Reply problem(const Error& error, std::string_view request_id) {
    const auto& kind = error.kind();
    const int status = status_of(kind.error_class);
    Reply reply{.status = status, .content_type = "application/problem+json", .body = {}};
    json::Writer writer{reply.body};
    writer.begin_object();
    writer.key("type").string(fmt::format("urn:parley:error:{}", kind.code));
    writer.key("title").string(reason_of(status));
    writer.key("status").integer(status);
    writer.key("detail").string(error.detail());
    writer.key("code").string(kind.code);
    writer.key("request_id").string(request_id);
    if (!error.fields().empty()) append_fields(writer, error.fields());
    writer.end_object();
    const bool wants_retry_after = status == 429 || status == 503;
    if (error.retry_after() || wants_retry_after) {
        const auto wait = error.retry_after().value_or(std::chrono::seconds{1});
        reply.header("Retry-After", std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count())));
    }
    if (status == 401) reply.header("WWW-Authenticate", R"(Bearer realm="parley")");
    return reply;
}

}  // namespace parley::http
