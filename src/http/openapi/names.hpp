// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/route.hpp"

#include <string>

namespace parley::http::openapi {

/// The operationId of a route, made of its verb and path so that it is as stable as they are: "put_conversation_message_pin" for
/// PUT /api/v1/conversations/{conversation}/messages/{seq}/pin. A collection of which a parameter picks one thing loses its plural.
std::string operation_id(const Route& route);

/// The name of a component for a status: "TooManyRequests".
std::string response_name(int status);

}  // namespace parley::http::openapi
