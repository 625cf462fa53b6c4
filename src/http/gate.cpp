// SPDX-License-Identifier: Apache-2.0
#include "http/gate.hpp"

#include "http/errors.hpp"
#include "http/head_rules.hpp"
#include "http/lines.hpp"
#include "http/syntax.hpp"

#include <utility>

namespace parley::http {
namespace {

constexpr std::size_t usual_fields = 32;  // a browser sends about twenty

}  // namespace

Gate::Span Gate::span_of(std::string_view part, std::string_view bytes) noexcept {
    return {static_cast<std::uint32_t>(part.data() - bytes.data()), static_cast<std::uint32_t>(part.size())};
}

Result<Head*> Gate::feed(std::string_view bytes) {
    const auto allowed = bytes.substr(0, limits_.head_bytes);
    for (;;) {
        const auto line_feed = allowed.find('\n', scanned_);
        if (line_feed == std::string_view::npos) break;
        CHECK(take_line(allowed, line_feed));
        if (complete_) return finish(allowed);
    }
    scanned_ = allowed.size();
    if (method_.size == 0) CHECK(judge_beginning(allowed.substr(line_at_)));
    if (allowed.size() == limits_.head_bytes) return fail(errors::headers_too_large);
    return nullptr;
}

void Gate::reset() noexcept {
    scanned_ = line_at_ = 0;
    method_ = target_ = {};
    blank_line_seen_ = complete_ = false;
    fields_.clear();
    // A connection that once sent a hundred fields does not keep room for them while it is idle.
    if (fields_.capacity() > usual_fields) fields_ = std::vector<FieldSpan>{};
    if (head_.fields.capacity() > usual_fields) head_.fields = std::vector<Field>{};
}

/// What can be said of a request line before its end: it is asked again of the complete line first, so that the answer does not depend on how
/// the bytes arrived. Looks at no more than a few bytes until the line has nearly reached the limit.
Result<void> Gate::judge_beginning(std::string_view line) const {
    // A client that speaks TLS or another binary protocol sends no line feed and waits for an answer.
    if (!line.empty() && line.front() != '\r' && !is(Bytes::token, line.front())) return fail(errors::bad_request, "A request begins with a method.");
    const auto method_end = line.substr(0, max_method_bytes + 1).find(' ');
    if (method_end == std::string_view::npos) {
        if (line.size() > max_method_bytes) return fail(errors::unknown_method);  // RFC 9112 section 3: longer than any that is known
        return {};
    }
    const auto rest = line.substr(method_end + 1);
    if (rest.size() <= limits_.target_bytes) return {};
    if (rest.substr(0, limits_.target_bytes + 1).find(' ') == std::string_view::npos) return fail(errors::uri_too_long);
    if (rest.size() > limits_.target_bytes + version_bytes + 2) return fail(errors::bad_request, "The request line is too long.");
    return {};
}

Result<void> Gate::take_line(std::string_view bytes, std::size_t line_feed) {
    auto line = bytes.substr(line_at_, line_feed - line_at_);
    line_at_ = scanned_ = line_feed + 1;
    const bool first = method_.size == 0;
    if (first) CHECK(judge_beginning(line));
    // RFC 9112 section 2.2 allows to take a bare LF for a line's end; a proxy in front may not.
    if (!line.ends_with('\r')) return fail(errors::bad_request, "A line ends with CR and LF.");
    line.remove_suffix(1);
    if (first) return take_request_line(bytes, line);
    if (!line.empty()) return take_field(bytes, line);
    complete_ = true;
    return {};
}

Result<void> Gate::take_request_line(std::string_view bytes, std::string_view line) {
    // RFC 9112 section 2.2: old clients send one CRLF too many after a body.
    if (line.empty() && !std::exchange(blank_line_seen_, true)) return {};
    TRY(const auto request, parse_request_line(line));
    method_ = span_of(request.method, bytes);
    target_ = span_of(request.target, bytes);
    minor_version_ = request.minor_version;
    return {};
}

Result<void> Gate::take_field(std::string_view bytes, std::string_view line) {
    if (fields_.size() == limits_.fields) return fail(errors::headers_too_large, "The request has too many fields.");
    TRY(const auto field, parse_field_line(line, errors::bad_request));
    fields_.push_back({span_of(field.name, bytes), span_of(field.value, bytes)});
    return {};
}

Result<Head*> Gate::finish(std::string_view bytes) {
    const auto view = [&](Span span) { return bytes.substr(span.at, span.size); };
    head_.bytes = bytes.substr(0, scanned_);
    head_.method = view(method_);
    head_.target = view(target_);
    head_.minor_version = minor_version_;
    head_.fields.clear();
    head_.fields.reserve(fields_.size());
    for (const auto& field : fields_) head_.fields.push_back({view(field.name), view(field.value)});
    CHECK(apply_rules(head_));
    return &head_;
}

}  // namespace parley::http
