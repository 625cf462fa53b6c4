// SPDX-License-Identifier: Apache-2.0
#include "group.hpp"

#include "world.hpp"

namespace parley::bench {

Group::Group(const Settings& settings, const GroupPlan& plan) : folder(settings.folder) {
    const auto data_dir = folder.path() / "data";
    const auto people = make_world(data_dir, {.people = plan.members, .groups = 1, .members_per_group = plan.members});
    std::vector<std::string> tokens;
    for (const auto& person : people) tokens.push_back(person.access_token);
    auto environment = plan.settings;
    environment.emplace_back("PARLEY_LIMITS_RATE_LIMITS", "off");
    server = std::make_unique<ServerProcess>(ServerProcess::Options{settings.server, data_dir, std::move(environment)});
    dialect = parley_socket(server->public_port(), std::move(tokens), people.front().groups.front().value, plan.offers_deflate);
    audience = std::make_unique<Audience>(*dialect, server->public_port(), plan.members, plan.silent);
}

}  // namespace parley::bench
