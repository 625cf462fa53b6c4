// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace parley::json {

/// What a field's value must keep to, beyond its type. Sizes of text are bytes of UTF-8.
struct Limits {
    std::size_t min_bytes = 0;
    std::size_t max_bytes = std::numeric_limits<std::size_t>::max();
    std::size_t max_items = std::numeric_limits<std::size_t>::max();
};

/// One field of a transfer type: the name, type, sentence and limits that reading, writing and the OpenAPI schema all come from.
template <class Owner, class Member>
struct Field {
    using Type = Member;

    consteval Field(std::string_view field_name, Member Owner::* pointer, std::string_view what, Limits bounds = {})
        : name(field_name),
          member(pointer),
          sentence(what),
          limits(bounds) {}

    std::string_view name;
    Member Owner::* member;
    std::string_view sentence;
    Limits limits;
};

/// A transfer type: `static constexpr std::string_view name` (in OpenAPI) and `static constexpr auto fields = std::tuple{json::Field{…}, …}`.
template <class T>
concept Described = requires {
    { T::schema_name } -> std::convertible_to<std::string_view>;
    std::tuple_size<std::remove_cvref_t<decltype(T::fields)>>::value;
};

/// An enum whose `constexpr auto names_of(Enum)` gives the JSON name of each value, in order from 0.
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) { names_of(value); };

template <NamedEnum T>
constexpr std::string_view name_of(T value) {
    return names_of(value)[static_cast<std::size_t>(value)];
}

template <NamedEnum T>
constexpr std::optional<T> named(std::string_view name) {
    const auto names = names_of(T{});
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<T>(i);
    }
    return std::nullopt;
}

/// A field that tells three things apart: left out, null, and a value. Null is a value here.
template <class T>
struct Nullable {
    bool given = false;
    std::optional<T> value;
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_nullable = false;
template <class T>
inline constexpr bool is_nullable<Nullable<T>> = true;

/// Whether a request may leave the field out.
template <class T>
inline constexpr bool may_be_absent = is_optional<T> || is_nullable<T>;

/// Calls `visit(field)` for each field of T, in order.
template <Described T, class Visit>
constexpr void for_each_field(Visit&& visit) {
    std::apply([&](const auto&... field) { (visit(field), ...); }, T::fields);
}

}  // namespace parley::json
