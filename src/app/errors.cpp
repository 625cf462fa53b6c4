// SPDX-License-Identifier: Apache-2.0
#include "app/errors.hpp"

#include "auth/errors.hpp"
#include "blob/errors.hpp"
#include "chat/errors.hpp"
#include "core/errors.hpp"
#include "core/json/errors.hpp"
#include "files/errors.hpp"
#include "groups/errors.hpp"
#include "http/errors.hpp"
#include "origin/errors.hpp"
#include "realtime/errors.hpp"
#include "storage/errors.hpp"
#include "users/errors.hpp"
#include "websocket/errors.hpp"

#include <algorithm>

namespace parley::app {

std::vector<const ErrorKind*> all_errors() {
    std::vector<const ErrorKind*> all;
    const auto add = [&](const auto& kinds) { all.insert(all.end(), kinds.begin(), kinds.end()); };
    add(errors::all);
    add(json::errors::all);
    add(http::errors::all);
    add(storage::errors::all);
    add(blob::errors::all);
    add(auth::errors::all);
    add(users::errors::all);
    add(groups::errors::all);
    add(files::errors::all);
    add(chat::errors::all);
    add(websocket::errors::all);
    add(realtime::errors::all);
    add(origin::errors::all);
    // Two folders may have the same thing to say, such as storage_full.
    std::ranges::sort(all, {}, &ErrorKind::code);
    const auto twins = std::ranges::unique(all, {}, &ErrorKind::code);
    all.erase(twins.begin(), twins.end());
    return all;
}

}  // namespace parley::app
