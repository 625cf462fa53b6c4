// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/json/fields.hpp"
#include "core/time.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::storage {

/// One prepared statement of a driver: parameters are numbered from 1, columns from 0.
class Cursor {
public:
    virtual void bind_null(int parameter) = 0;
    virtual void bind_integer(int parameter, std::int64_t value) = 0;
    /// `text` must stay alive until the statement is reset.
    virtual void bind_text(int parameter, std::string_view text) = 0;
    /// True while there is a row.
    virtual bool step() = 0;
    virtual void reset() noexcept = 0;

    virtual bool is_null(int column) = 0;
    virtual std::int64_t integer(int column) = 0;
    virtual std::string_view text(int column) = 0;

protected:
    Cursor() = default;
    Cursor(const Cursor&) = default;
    Cursor& operator=(const Cursor&) = default;
    ~Cursor() = default;
};

// How the types of the program stand in columns: ids, positions and flags as integers, times as microseconds, enums by their names.

inline void bind_value(Cursor& cursor, int at, std::string_view text) { cursor.bind_text(at, text); }
template <std::integral T>
void bind_value(Cursor& cursor, int at, T value) {
    cursor.bind_integer(at, static_cast<std::int64_t>(value));
}
inline void bind_value(Cursor& cursor, int at, Timestamp value) { cursor.bind_integer(at, to_micros(value)); }
template <class Tag>
void bind_value(Cursor& cursor, int at, Id<Tag> id) {
    cursor.bind_integer(at, id.value);
}
template <json::NamedEnum T>
void bind_value(Cursor& cursor, int at, T value) {
    cursor.bind_text(at, json::name_of(value));
}
template <class T>
void bind_value(Cursor& cursor, int at, const std::optional<T>& value) {
    if (value) bind_value(cursor, at, *value);
    else cursor.bind_null(at);
}

inline void take_value(Cursor& cursor, int at, std::string& out) { out = cursor.text(at); }
template <std::integral T>
void take_value(Cursor& cursor, int at, T& out) {
    out = static_cast<T>(cursor.integer(at));
}
inline void take_value(Cursor& cursor, int at, bool& out) { out = cursor.integer(at) != 0; }
inline void take_value(Cursor& cursor, int at, Timestamp& out) { out = from_micros(cursor.integer(at)); }
template <class Tag>
void take_value(Cursor& cursor, int at, Id<Tag>& out) {
    out.value = cursor.integer(at);
}
template <json::NamedEnum T>
void take_value(Cursor& cursor, int at, T& out) {
    out = json::named<T>(cursor.text(at)).value();
}
template <class T>
void take_value(Cursor& cursor, int at, std::optional<T>& out) {
    if (!cursor.is_null(at)) take_value(cursor, at, out.emplace());
}

/// A type that is one column; every other type is read as one column per member.
template <class T>
concept Column = requires(Cursor& cursor, T& out) { take_value(cursor, 0, out); };

}  // namespace parley::storage
