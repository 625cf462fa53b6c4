// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialect.hpp"
#include "fan_load.hpp"
#include "process.hpp"
#include "scenarios.hpp"
#include "temporary_folder.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace parley::bench {

struct GroupPlan {
    std::size_t members = 0;
    std::size_t silent = 0;                                          // of them, who never read
    std::vector<std::pair<std::string, std::string>> settings = {};  // of the server, beside those that lift its limits
    bool offers_deflate = false;
};

/// A server of its own with one group, all of whose members are connected. The server runs on its core; whoever makes one is not pinned yet.
struct Group {
    /// Throws std::runtime_error.
    Group(const Settings& settings, const GroupPlan& plan);

    TemporaryFolder folder;
    std::unique_ptr<ServerProcess> server;
    std::unique_ptr<Dialect> dialect;
    std::unique_ptr<Audience> audience;
};

}  // namespace parley::bench
