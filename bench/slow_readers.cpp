// SPDX-License-Identifier: Apache-2.0
#include "dialect.hpp"
#include "fan_load.hpp"
#include "process.hpp"
#include "scenarios.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

#include <fmt/format.h>
#include <iostream>
#include <memory>

namespace parley::bench {
namespace {

constexpr std::size_t reading = 950, silent = 50;

/// A server with one group, of whose members some never read.
struct Group {
    Group(const Settings& settings, std::size_t not_reading) : folder(settings.folder) {
        const auto data_dir = folder.path() / "data";
        const auto members = reading + not_reading;
        const auto people = make_world(data_dir, {.people = members, .groups = 1, .members_per_group = members});
        std::vector<std::string> tokens;
        for (const auto& person : people) tokens.push_back(person.access_token);
        server = std::make_unique<ServerProcess>(ServerProcess::Options{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}}});
        dialect = parley_socket(server->public_port(), tokens, people.front().groups.front().value);
        audience = std::make_unique<Audience>(*dialect, server->public_port(), members, not_reading);
    }
    TemporaryFolder folder;
    std::unique_ptr<ServerProcess> server;
    std::unique_ptr<Dialect> dialect;
    std::unique_ptr<Audience> audience;
};

Figures measure(const Settings& settings, Group& group) {
    const auto load =
        group.audience->run({.in_flight = 16, .text_bytes = 512, .warm_up = {}, .measured = settings.measured, .on_begin = [] {}, .on_end = [] {}});
    Figures figures;
    figures.set("deliveries/s", static_cast<double>(load.deliveries) / load.seconds);
    figures.set("all who read have it, p50 ms", load.p50_ms);
    figures.set("all who read have it, p99 ms", load.p99_ms);
    figures.set("server RSS MiB", static_cast<double>(group.server->memory().resident_kib) / 1024);
    return figures;
}

}  // namespace

/// Each run has new servers, because those who do not read are cut off after a while.
Report slow_readers(const Settings& settings) {
    std::vector<Figures> all_read, some_do_not;
    std::vector<double> ratios;
    for (int i = 0; i < settings.runs; ++i) {
        unpin();
        Group healthy{settings, 0}, mixed{settings, silent};
        pin_to_core(load_core);
        all_read.push_back(measure(settings, healthy));
        some_do_not.push_back(measure(settings, mixed));
        ratios.push_back(some_do_not.back().at("all who read have it, p99 ms") / all_read.back().at("all who read have it, p99 ms"));
        std::cerr << fmt::format("p99 with / without {} who do not read: {:.2f}\n", silent, ratios.back());
    }
    Report report{"950 readers, and 50 who do not read"};
    report.add("all read", std::move(all_read));
    report.add("50 do not", std::move(some_do_not));
    report.add_goal({"p99 of the healthy, with 5 % not reading / without", median(ratios), Goal::at_most, 1.2});
    return report;
}

}  // namespace parley::bench
