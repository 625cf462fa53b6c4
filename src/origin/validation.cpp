// SPDX-License-Identifier: Apache-2.0
#include "origin/validation.hpp"

#include "auth/python_text.hpp"
#include "origin/errors.hpp"

#include <fmt/format.h>

namespace parley::origin {

std::optional<std::string> Validation::text(std::string_view name, Presence presence) {
    const auto* const value = data_.find(name);
    if (value == nullptr) {
        if (presence.required) note(name, "This field is required.");
        return std::nullopt;
    }
    switch (value->kind) {
        case Value::Kind::null: note(name, "This field may not be null."); return std::nullopt;
        case Value::Kind::boolean:
        case Value::Kind::other: note(name, std::string{presence.when_no_text}); return std::nullopt;
        case Value::Kind::number:
        case Value::Kind::text: break;
    }
    auto stripped = auth::python::utf8(auth::python::strip(auth::python::code_points(value->text)));
    if (stripped.empty() && !presence.may_be_blank) {
        note(name, "This field may not be blank.");
        return std::nullopt;
    }
    return stripped;
}

void Validation::check_length(std::string_view name, std::string_view value, std::size_t most) {
    if (auth::python::length(value) > most) note(name, fmt::format("Ensure this field has no more than {} characters.", most));
}

void Validation::check_nulls(std::string_view name, std::string_view value) {
    if (value.contains('\0')) note(name, "Null characters are not allowed.");
}

void Validation::note(std::string_view name, std::string sentence) {
    broken_.push_back({&errors::invalid_field, fmt::format("/{}", name), std::move(sentence)});
}

}  // namespace parley::origin
