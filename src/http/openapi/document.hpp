// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"
#include "http/router.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley::http::openapi {

/// A group of operations, and what they are about.
struct TagDoc {
    std::string_view name;
    std::string_view sentence;
};

/// What the document tells beside the routes themselves.
struct Source {
    const Router& router;
    std::string_view title;
    std::string_view version;      // of the contract, not of the program: the document changes with what it describes and with nothing else
    std::string_view description;  // CommonMark
    std::string_view license, license_url;
    std::vector<TagDoc> tags;                        // in the order in which readers shall see them; others follow
    std::vector<const ErrorKind*> all_errors;        // every code there is
    std::vector<const ErrorKind*> signed_in_errors;  // any call of a route for the signed in may be refused with
    std::vector<const ErrorKind*> change_errors;     // any call that changes something may be refused with
};

/// The OpenAPI 3.1.0 document of the public routes that are documented, as JSON without blanks: the same bytes for the same routes.
/// Throws std::logic_error if two operations would have the same operationId: a defect.
std::string document(const Source& source);

}  // namespace parley::http::openapi
