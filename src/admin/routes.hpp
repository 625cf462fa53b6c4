// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/route.hpp"
#include "users/service.hpp"

namespace parley::admin {

/// What the command line asks of a running server, on the internal listener, with a token made with the keys of the data folder.
http::Routes control_routes(users::Service& users);

}  // namespace parley::admin
