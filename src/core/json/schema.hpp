// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/json/fields.hpp"
#include "core/json/write.hpp"
#include "core/time.hpp"

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::json {

/// JSON Schemas (2020-12, as in OpenAPI 3.1) of described types, each once under its name.
class SchemaSet {
public:
    /// What is asked of whom: a request may leave out what is optional and add nothing, an answer has every field.
    enum class Use : std::uint8_t { request, answer };

    /// The schema of T as JSON; a reference for described types, which are added to the set.
    template <class T>
    std::string schema_of(Use use, const Limits& limits = {}) {
        if constexpr (is_optional<T>) return or_null(schema_of<typename T::value_type>(use, limits));
        else if constexpr (is_nullable<T>) return or_null(schema_of<typename decltype(T::value)::value_type>(use, limits));
        else if constexpr (Described<T>) return reference<T>(use);
        else if constexpr (NamedEnum<T>) return enumeration(names_of(T{}));
        else if constexpr (requires { json_schema(static_cast<const T*>(nullptr)); }) return json_schema(static_cast<const T*>(nullptr));
        else return plain(static_cast<const T*>(nullptr), use, limits);
    }

    /// The schema of an object that has T's members behind `first` (members of a `properties`, as JSON), of which those in `first_required` (names
    /// in quotes, with commas) are always there. It is not added to the set. For frames, whose type stands beside what the type asks for.
    template <Described T>
    std::string object_behind(Use use, std::string first, std::string first_required) {
        return object<T>(use, std::move(first), std::move(first_required));
    }

    const std::map<std::string, std::string, std::less<>>& components() const noexcept { return components_; }

private:
    template <class T>
    std::string reference(Use use) {
        const std::string name{T::schema_name};
        if (components_.emplace(name, "").second) components_[name] = object<T>(use);
        return R"({"$ref":"#/components/schemas/)" + name + "\"}";
    }
    template <class T>
    std::string object(Use use, std::string properties = {}, std::string required = {}) {
        for_each_field<T>([&](const auto& field) {
            using Type = typename std::remove_cvref_t<decltype(field)>::Type;
            properties += (properties.empty() ? "" : ",") + to_json(std::string{field.name}) + ':' +
                          described(schema_of<Type>(use, field.limits), field.sentence);
            if (use == Use::answer || !may_be_absent<Type>) required += (required.empty() ? "" : ",") + to_json(std::string{field.name});
        });
        std::string schema = R"({"type":"object","properties":{)" + properties + '}';
        if (!required.empty()) schema += R"(,"required":[)" + required + ']';
        if (use == Use::request) schema += R"(,"additionalProperties":false)";
        return schema + '}';
    }
    template <class Names>
    static std::string enumeration(const Names& names) {
        std::string list;
        for (const auto name : names) list += (list.empty() ? "" : ",") + to_json(std::string{name});
        return R"({"type":"string","enum":[)" + list + "]}";
    }
    template <class Tag>
    std::string plain(const Id<Tag>*, Use, const Limits&) {
        return R"({"type":"integer","minimum":1,"maximum":9007199254740991})";
    }
    template <class T>
    std::string plain(const std::vector<T>*, Use use, const Limits& limits) {
        std::string schema = R"({"type":"array","items":)" + schema_of<T>(use);
        if (limits.max_items != Limits{}.max_items) schema += R"(,"maxItems":)" + std::to_string(limits.max_items);
        return schema + '}';
    }
    static std::string plain(const std::string*, Use, const Limits& limits);
    static std::string plain(const std::int64_t*, Use, const Limits&) {
        return R"({"type":"integer","minimum":-9007199254740991,"maximum":9007199254740991})";
    }
    static std::string plain(const Raw*, Use, const Limits&) { return R"({"type":"object"})"; }
    static std::string plain(const bool*, Use, const Limits&) { return R"({"type":"boolean"})"; }
    static std::string plain(const Timestamp*, Use, const Limits&) { return R"({"type":"string","format":"date-time"})"; }

    static std::string or_null(std::string schema);
    static std::string described(std::string schema, std::string_view sentence);

    std::map<std::string, std::string, std::less<>> components_;
};

}  // namespace parley::json
