// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/cursor.hpp"
#include "http/route.hpp"
#include "users/service.hpp"

#include <cstdint>

namespace parley::users {

struct RouteContext {
    Service& users;
    const http::Cursors& cursors;
    std::int64_t page_items;
};

/// Signing up and in, one's own profile and password, and other people. `context` outlives the routes.
http::Routes routes(RouteContext& context);

}  // namespace parley::users
