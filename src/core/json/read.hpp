// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/json/document.hpp"
#include "core/json/errors.hpp"
#include "core/json/fields.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace parley::json {

/// Reads described types out of a document and notes what is wrong with which field.
class Reader {
public:
    bool failed() const noexcept { return !errors_.empty(); }
    Error take_error() { return Error::of_fields(std::move(errors_)); }

    template <class T>
    void read(Value value, T& out, const Limits& limits) {
        if constexpr (is_optional<T>) {
            if (value.kind() != Kind::null) read(value, out.emplace(), limits);
        } else if constexpr (is_nullable<T>) {
            out.given = true;
            if (value.kind() != Kind::null) read(value, out.value.emplace(), limits);
        } else if constexpr (NamedEnum<T>) {
            read_enum(value, out);
        } else if constexpr (Described<T>) {
            read_object(value, out);
        } else if constexpr (requires { read_json(*this, value, out); }) {
            read_json(*this, value, out);  // a type with a shape of its own says itself how it is read
        } else {
            read_value(value, out, limits);
        }
    }

    /// Reads an object with the fields of T; `ignored` is a field the caller has read already, such as a frame's "type".
    template <Described T>
    void read_object(Value value, T& out) {
        if (value.kind() != Kind::object) return note(errors::wrong_type, "An object is expected.");
        std::bitset<64> given;
        for (const Value member : value) read_member(member, out, given);
        std::size_t index = 0;
        for_each_field<T>([&](const auto& field) {
            using Type = typename std::remove_cvref_t<decltype(field)>::Type;
            if (!may_be_absent<Type> && !given.test(index)) in(field.name, [&] { note(errors::required); });
            ++index;
        });
    }

    void note(const ErrorKind& kind, std::string detail = {});

    /// Names of fields that are there but belong to nobody: read elsewhere.
    std::vector<std::string_view> ignored;

private:
    template <class T>
    void read_member(Value member, T& out, std::bitset<64>& given) {
        bool known = false;
        std::size_t index = 0;
        for_each_field<T>([&](const auto& field) {
            using Type = typename std::remove_cvref_t<decltype(field)>::Type;
            if (!known && field.name == member.key()) {
                known = true;
                in(field.name, [&] {
                    if (given.test(index)) return note(errors::duplicate_field);
                    given.set(index);
                    if (!may_be_absent<Type> && member.kind() == Kind::null) return note(errors::required);
                    read(member, out.*(field.member), field.limits);
                });
            }
            ++index;
        });
        if (!known) read_unknown(member);
    }
    void read_unknown(Value member);

    template <NamedEnum T>
    void read_enum(Value value, T& out) {
        if (value.kind() != Kind::string) return note(errors::wrong_type, "A text is expected.");
        const auto found = named<T>(value.string());
        if (!found) return note(errors::invalid_value);
        out = *found;
    }
    template <class T>
    void read_value(Value value, std::vector<T>& out, const Limits& limits) {
        if (value.kind() != Kind::array) return note(errors::wrong_type, "A list is expected.");
        if (value.size() > limits.max_items) return note(errors::too_many_items);
        for (const Value item : value) {
            in(std::to_string(out.size()), [&] { read(item, out.emplace_back(), limits); });
        }
    }
    template <class Tag>
    void read_value(Value value, Id<Tag>& out, const Limits&) {
        if (value.kind() != Kind::integer || value.integer() < 1 || value.integer() > max_id)
            return note(errors::wrong_type, "A positive integer below 2^53 is expected.");
        out.value = value.integer();
    }
    void read_value(Value value, std::string& out, const Limits& limits);
    void read_value(Value value, std::int64_t& out, const Limits& limits);
    void read_value(Value value, bool& out, const Limits& limits);
    void read_value(Value value, Timestamp& out, const Limits& limits);

    template <class Body>
    void in(std::string_view name, Body&& body) {
        path_.push_back(name);
        body();
        path_.pop_back();
    }

    std::vector<std::string_view> path_;
    std::vector<FieldError> errors_;
    std::vector<std::string_view> unknown_;
};

/// Reads a whole document as T. Errors: those of errors.hpp, each broken field with its pointer.
template <Described T>
Result<T> read(const Document& document) {
    if (document.root().kind() != Kind::object) return fail(errors::not_an_object);
    T out{};
    Reader reader;
    reader.read_object(document.root(), out);
    if (reader.failed()) return fail(reader.take_error());
    return out;
}

}  // namespace parley::json
