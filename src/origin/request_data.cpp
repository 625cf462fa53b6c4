// SPDX-License-Identifier: Apache-2.0
#include "origin/request_data.hpp"

#include "core/json/document.hpp"
#include "http/multipart.hpp"
#include "http/syntax.hpp"
#include "origin/errors.hpp"
#include "origin/form.hpp"
#include "origin/json_complaint.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ranges>

namespace parley::origin {
namespace {

/// Whether a media type as sent, wild cards included, asks for the parser of `type/subtype`.
bool matches(std::string_view sent, std::string_view type, std::string_view subtype) {
    const auto slash = std::min(sent.find('/'), sent.size());
    const auto sent_type = sent.substr(0, slash), sent_subtype = sent.substr(std::min(slash + 1, sent.size()));
    return (sent_type == "*" || http::equal_ignoring_case(sent_type, type)) &&
           (sent_subtype == "*" || http::equal_ignoring_case(sent_subtype, subtype));
}

Value to_value(json::Value value) {
    using enum Value::Kind;
    switch (value.kind()) {
        case json::Kind::null: return {null, {}};
        case json::Kind::boolean: return {boolean, {}};
        case json::Kind::integer: return {number, std::to_string(value.integer())};
        case json::Kind::real: return {number, python_float(value.real())};
        case json::Kind::string: return {text, std::string{value.string()}};
        case json::Kind::array:
        case json::Kind::object: return {other, {}};
    }
    return {other, {}};
}

std::string_view python_type(json::Kind kind) {
    switch (kind) {
        case json::Kind::boolean: return "bool";
        case json::Kind::integer: return "int";
        case json::Kind::real: return "float";
        case json::Kind::string: return "str";
        case json::Kind::array: return "list";
        case json::Kind::null:
        case json::Kind::object: break;
    }
    return "dict";
}

Result<RequestData> read_json(std::string_view body) {
    json::Document document;
    if (!document.parse(body)) return fail(errors::parse_error, "JSON parse error - " + json_complaint(body));
    const auto root = document.root();
    if (root.kind() == json::Kind::null) return fail(Error::of_fields({{&errors::invalid_field, "", "No data provided"}}));
    if (root.kind() != json::Kind::object) {
        auto sentence = fmt::format("Invalid data. Expected a dictionary, but got {}.", python_type(root.kind()));
        return fail(Error::of_fields({{&errors::invalid_field, "", std::move(sentence)}}));
    }
    RequestData data;
    for (const auto member : root) data.add(std::string{member.key()}, to_value(member));
    return data;
}

Result<RequestData> read_form(std::string_view body) {
    auto pairs = parse_form(body);
    if (!pairs) return fail(errors::parse_error, "The form has too many fields.");
    RequestData data;
    for (auto& [name, value] : *pairs) data.add(std::move(name), {Value::Kind::text, std::move(value)});
    return data;
}

/// Takes up the plain fields of a multipart body; a file is a value that is no text.
class PartsReader {
public:
    explicit PartsReader(RequestData& data) : data_(data) {}

    Result<void> part_begin(const http::Part& part) {
        name_ = part.name;
        is_file_ = part.file_name.has_value();
        value_.clear();
        return {};
    }
    Result<void> part_data(std::string_view bytes) {
        if (!is_file_) value_ += bytes;
        return {};
    }
    Result<void> part_end() {
        data_.add(std::move(name_), is_file_ ? Value{Value::Kind::other, {}} : Value{Value::Kind::text, replace_invalid_utf8(value_)});
        return {};
    }
    static Result<void> finished() { return {}; }

private:
    RequestData& data_;
    std::string name_, value_;
    bool is_file_ = false;
};

Error not_multipart(const Error& error) { return {errors::parse_error, fmt::format("Multipart form parse error - {}", error.detail())}; }

Result<RequestData> read_multipart(std::string_view content_type, std::string_view body) {
    constexpr std::size_t most_parts = 100;
    const auto boundary = http::multipart_boundary(content_type);
    if (!boundary) return fail(not_multipart(boundary.error()));
    RequestData data;
    PartsReader reader{data};
    http::Multipart multipart{*boundary, {.parts = most_parts}};
    auto fed = multipart.feed(body, reader);
    if (fed) fed = multipart.finish();
    if (!fed) return fail(not_multipart(fed.error()));
    return data;
}

}  // namespace

const Value* RequestData::find(std::string_view name) const noexcept {
    const auto backwards = fields_ | std::views::reverse;
    const auto found = std::ranges::find(backwards, name, [](const auto& field) { return std::string_view{field.first}; });
    return found == backwards.end() ? nullptr : &found->second;
}

Result<RequestData> read_request_data(std::string_view content_type, std::string_view body) {
    if (body.empty()) return RequestData{};
    const auto media_type = http::trim(content_type.substr(0, content_type.find(';')));
    if (matches(media_type, "application", "json")) return read_json(body);
    if (matches(media_type, "application", "x-www-form-urlencoded")) return read_form(body);
    if (matches(media_type, "multipart", "form-data")) return read_multipart(content_type, body);
    return fail(errors::unsupported_media_type, fmt::format("Unsupported media type \"{}\" in request.", replace_invalid_utf8(content_type)));
}

std::string python_float(double value) {
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    std::array<char, 64> digits;
    const auto magnitude = std::abs(value);
    // CPython, float_repr_style "short": exponents below -4 and from 16 on.
    const bool scientific = magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e16);
    const auto format = scientific ? std::chars_format::scientific : std::chars_format::fixed;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, format).ptr;
    std::string text{digits.data(), end};
    if (!scientific && !text.contains('.')) text += ".0";
    return text;
}

}  // namespace parley::origin
