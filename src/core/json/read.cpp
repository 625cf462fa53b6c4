// SPDX-License-Identifier: Apache-2.0
#include "core/json/read.hpp"

#include <algorithm>

namespace parley::json {
namespace {

/// RFC 6901 section 3: "~" and "/" inside a name are written ~0 and ~1.
void append_pointer_part(std::string& pointer, std::string_view name) {
    pointer += '/';
    for (const char c : name) {
        if (c == '~') pointer += "~0";
        else if (c == '/') pointer += "~1";
        else pointer += c;
    }
}

}  // namespace

void Reader::note(const ErrorKind& kind, std::string detail) {
    static constexpr std::size_t most_errors = 20;  // a hostile body names thousands; nobody reads more than a few
    if (errors_.size() >= most_errors) return;
    std::string pointer;
    for (const auto part : path_) append_pointer_part(pointer, part);
    errors_.push_back({&kind, std::move(pointer), std::move(detail)});
}

void Reader::read_unknown(Value member) {
    if (std::ranges::find(ignored, member.key()) != ignored.end()) {
        const bool again = std::ranges::find(unknown_, member.key()) != unknown_.end();
        unknown_.push_back(member.key());
        if (!again) return;
        return in(member.key(), [&] { note(errors::duplicate_field); });
    }
    in(member.key().substr(0, 64), [&] { note(errors::unknown_field); });
}

void Reader::read_value(Value value, std::string& out, const Limits& limits) {
    if (value.kind() != Kind::string) return note(errors::wrong_type, "A text is expected.");
    if (value.string().size() > limits.max_bytes) return note(errors::too_long);
    if (value.string().size() < limits.min_bytes) return note(errors::too_short);
    out = value.string();
}

void Reader::read_value(Value value, std::int64_t& out, const Limits&) {
    if (value.kind() != Kind::integer || value.integer() > max_id || value.integer() < -max_id)
        return note(errors::wrong_type, "An integer between -2^53 and 2^53 is expected.");
    out = value.integer();
}

void Reader::read_value(Value value, bool& out, const Limits&) {
    if (value.kind() != Kind::boolean) return note(errors::wrong_type, "true or false is expected.");
    out = value.boolean();
}

void Reader::read_value(Value value, Timestamp& out, const Limits&) {
    if (value.kind() != Kind::string) return note(errors::wrong_type, "A time is expected, such as \"2026-11-22T18:07:00.123Z\".");
    const auto at = parse_rfc3339(value.string());
    if (!at) return note(errors::invalid_value, "A time is expected, such as \"2026-11-22T18:07:00.123Z\".");
    out = *at;
}

}  // namespace parley::json
