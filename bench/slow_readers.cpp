// SPDX-License-Identifier: Apache-2.0
#include "group.hpp"

#include <fmt/format.h>
#include <iostream>

namespace parley::bench {
namespace {

constexpr std::size_t reading = 950, silent = 50;

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
        Group healthy{settings, {.members = reading}}, mixed{settings, {.members = reading + silent, .silent = silent}};
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
