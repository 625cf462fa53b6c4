// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "core/result.hpp"
#include "http/router.hpp"

#include <string>

/// What the server is for those who write clients: made from the tables it runs by, so that it cannot differ from them. JSON without blanks.
namespace parley::app {

/// The OpenAPI 3.1 document of these routes.
std::string describe_http(const http::Router& router);
/// That of the server these settings would make. It is built in a temporary folder and neither listens nor outlives the call; nothing of `config`'s
/// storage is touched. Errors: those of Application::start that are about files.
Result<std::string> describe_http(const config::Config& config);

/// The AsyncAPI 3.0 document of the socket.
std::string describe_socket();

}  // namespace parley::app
