// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/openapi/document.hpp"
#include "http/route.hpp"

#include <map>
#include <vector>

namespace parley::http::openapi {

/// The errors a caller may be told, by status.
using Failures = std::map<int, std::vector<const ErrorKind*>>;

/// All failures of a route: its own first, then those that follow from what it is: signed in, with a query, a body, a rate.
Failures failures_of(const Route& route, const Source& source);

/// The answers that are the same for every route that has no failure of its own with their status, and stand once in the document.
Failures shared_failures(const Source& source);

}  // namespace parley::http::openapi
