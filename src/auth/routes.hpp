// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/sessions.hpp"
#include "http/route.hpp"

namespace parley::auth {

/// Sessions and tickets of whoever is signed in; signing in itself is in users/routes.hpp.
http::Routes routes(Sessions& sessions);

}  // namespace parley::auth
