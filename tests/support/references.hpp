// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>
#include <set>
#include <string>

namespace parley::testing {

/// Calls `visit(object)` for every object in a document, at any depth.
template <class Visit>
void for_each_object(const boost::json::value& value, const Visit& visit) {
    if (const auto* object = value.if_object()) {
        visit(*object);
        for (const auto& member : *object) for_each_object(member.value(), visit);
    } else if (const auto* array = value.if_array()) {
        for (const auto& item : *array) for_each_object(item, visit);
    }
}

/// Every "#/…" that a `$ref` of the document names.
inline std::set<std::string> references(const boost::json::value& document) {
    std::set<std::string> found;
    for_each_object(document, [&](const boost::json::object& object) {
        if (const auto* to = object.if_contains("$ref")) found.emplace(to->as_string());
    });
    return found;
}

/// Those of them that lead nowhere. The names in our documents have no slash and no tilde.
inline std::set<std::string> dangling_references(const boost::json::value& document) {
    std::set<std::string> dangling;
    for (const auto& reference : references(document)) {
        boost::system::error_code missing;
        if (!reference.starts_with("#/") || document.find_pointer(reference.substr(1), missing) == nullptr) dangling.insert(reference);
    }
    return dangling;
}

}  // namespace parley::testing
