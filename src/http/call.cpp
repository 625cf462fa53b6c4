// SPDX-License-Identifier: Apache-2.0
#include "http/call.hpp"

#include "core/errors.hpp"
#include "http/errors.hpp"
#include "http/route.hpp"
#include "http/syntax.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace parley::http {
namespace {

/// Digits only: no sign, no leading zero.
std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || (text.size() > 1 && text.front() == '0') || text.front() == '-')
        return std::nullopt;
    return value;
}

/// `application/json`, with or without parameters such as charset.
bool is_json(std::string_view content_type) {
    const auto end = std::min(content_type.find(';'), content_type.size());
    auto type = content_type.substr(0, end);
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    return equal_ignoring_case(type, "application/json");
}

Verb verb_of(std::string_view method) { return json::named<Verb>(method).value_or(Verb::get); }

}  // namespace

Call::Call(const Head& head, net::Shard& shard, const Address& peer)
    : head_bytes_(head.bytes),
      head_(head),
      verb_(verb_of(head.method)),
      shard_(shard),
      peer_(peer),
      client_(peer),
      started_(shard.clock().steady()) {
    head_.move_to(head_bytes_.data());
    target_ = split_target(head_.target);
}

std::string_view Call::path_text(std::string_view name) const noexcept {
    const auto& names = route->parameter_names;
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::string_view{} : parameters_[static_cast<std::size_t>(found - names.begin())];
}

Result<std::int64_t> Call::positive(std::string_view name) const {
    const auto number = number_of(path_text(name));
    if (!number || *number < 1 || *number > max_id) return fail(parley::errors::not_found);
    return *number;
}

Result<std::optional<std::string>> Call::query(std::string_view name) const {
    TRY(auto value, find_query(target_.query, name));
    if (!value) return std::nullopt;
    if (value->repeated) return fail(errors::bad_query, fmt::format("The parameter {} is given twice.", name));
    return std::move(value->value);
}

Result<std::optional<std::int64_t>> Call::query_number(std::string_view name, std::int64_t least, std::int64_t most) const {
    TRY(const auto text, query(name));
    if (!text) return std::nullopt;
    const auto number = text->empty() ? std::nullopt : number_of(*text);
    if (!number || *number < least || *number > most) {
        return fail(errors::bad_query, fmt::format("The parameter {} is a number from {} to {}.", name, least, most));
    }
    return *number;
}

Result<void> Call::parse_json() {
    if (!is_json(header("content-type"))) return fail(errors::not_json);
    return document_.parse(raw_body_);
}

}  // namespace parley::http
