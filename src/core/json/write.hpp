// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/json/fields.hpp"
#include "core/json/writer.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::json {

/// JSON that is already written, for a field whose shape depends on another's value.
struct Raw {
    std::string text;
};
inline void append(std::string& out, const Raw& raw) { out += raw.text; }
inline void append(std::string& out, std::string_view text) { append_string(out, text); }
inline void append(std::string& out, const std::string& text) { append_string(out, text); }
inline void append(std::string& out, const char* text) { append_string(out, text); }
template <std::integral T>
    requires(!std::same_as<T, bool>)
void append(std::string& out, T value) {
    append_integer(out, static_cast<std::int64_t>(value));
}
inline void append(std::string& out, std::same_as<bool> auto value) { out += value ? "true" : "false"; }
template <class Tag>
void append(std::string& out, Id<Tag> id) {
    append_integer(out, id.value);
}
inline void append(std::string& out, Timestamp at) {
    out += '"';
    append_rfc3339(out, at);
    out += '"';
}
template <NamedEnum T>
void append(std::string& out, T value) {
    out += '"';
    out += name_of(value);
    out += '"';
}
template <class T>
void append(std::string& out, const std::optional<T>& value);
template <class T>
void append(std::string& out, const std::vector<T>& items);
template <Described T>
void append(std::string& out, const T& value);

template <class T>
void append(std::string& out, const std::optional<T>& value) {
    if (value) append(out, *value);
    else out += "null";
}

template <class T>
void append(std::string& out, const std::vector<T>& items) {
    out += '[';
    bool first = true;
    for (const auto& item : items) {
        if (!first) out += ',';
        first = false;
        append(out, item);
    }
    out += ']';
}

/// Appends `"name":value,…` of every field, without the braces.
template <Described T>
void append_members(std::string& out, const T& value) {
    bool first = true;
    for_each_field<T>([&](const auto& field) {
        out += first ? "\"" : ",\"";
        first = false;
        out += field.name;
        out += "\":";
        append(out, value.*(field.member));
    });
}

template <Described T>
void append(std::string& out, const T& value) {
    out += '{';
    append_members(out, value);
    out += '}';
}

/// The JSON text of any described type, list, or plain value.
template <class T>
std::string to_json(const T& value) {
    std::string out;
    append(out, value);
    return out;
}

}  // namespace parley::json
