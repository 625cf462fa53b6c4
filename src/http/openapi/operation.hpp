// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/openapi/components.hpp"

namespace parley::http::openapi {

/// Writes one operation: all that clients need to know of a route.
void write_operation(json::Writer& writer, const Route& route, const Source& source, Components& components);

}  // namespace parley::http::openapi
