// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "files/service.hpp"
#include "http/cursor.hpp"
#include "http/route.hpp"

#include <cstdint>

namespace parley::files {

struct RouteContext {
    Service& files;
    const http::Cursors& cursors;
    std::int64_t page_items;
};

/// Uploading by form, downloading, listing, changing and deleting. `context` outlives the routes.
http::Routes routes(RouteContext& context);

}  // namespace parley::files
