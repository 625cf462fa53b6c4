// SPDX-License-Identifier: Apache-2.0
#include "group.hpp"

#include <fmt/format.h>
#include <iostream>
#include <memory>

namespace parley::bench {
namespace {

constexpr std::size_t members = 1000;

// Prose, because a text of zeros would flatter every compressor.
constexpr std::string_view prose =
    "The survey of the northern slope is finished, and what we feared is so: the old drain runs under the second terrace and not beside it. Marta "
    "suggests that we dig from below next week, while the ground is still dry, and leave the upper wall alone until spring. I have asked for two "
    "quotes; the cheaper firm cannot come before the ninth. Could somebody look whether the plans of 1987 are in the cellar, in the grey cabinet, "
    "and bring them on Thursday? Otherwise we are guessing again, as with the cistern.";

struct Kind {
    std::string name;
    bool enabled, offered;
};
const std::vector<Kind> kinds{{"off", false, false}, {"on, not offered", true, false}, {"on and offered", true, true}};

Figures measure(const Settings& settings, const Kind& kind, Group& group) {
    double before = 0, after = 0;
    const auto load = group.audience->run({.in_flight = 16,
                                           .text = prose,
                                           .measured = settings.measured,
                                           .on_begin = [&] { before = group.server->cpu_micros(); },
                                           .on_end = [&] { after = group.server->cpu_micros(); }});
    const auto deliveries = static_cast<double>(load.deliveries);
    Figures figures;
    figures.set("CPU us/delivery", (after - before) / deliveries);
    figures.set("CPU us/message", (after - before) / static_cast<double>(load.messages));
    figures.set("bytes/delivery", static_cast<double>(load.bytes) / deliveries);
    figures.set("server anonymous MiB", static_cast<double>(group.server->memory().anonymous_kib) / 1024);
    std::cerr << fmt::format("{:>16}: {:.3f} us and {:.0f} bytes a delivery\n", kind.name, figures.at("CPU us/delivery"),
                             figures.at("bytes/delivery"));
    return figures;
}

}  // namespace

/// One server of each kind, all there at once; each run goes through all of them.
Report compression(const Settings& settings) {
    unpin();
    std::vector<std::unique_ptr<Group>> groups;
    for (const auto& kind : kinds) {
        const GroupPlan plan{
            .members = members, .settings = {{"PARLEY_REALTIME_COMPRESSION", kind.enabled ? "on" : "off"}}, .offers_deflate = kind.offered};
        groups.push_back(std::make_unique<Group>(settings, plan));
    }
    pin_to_core(load_core);
    std::vector<std::vector<Figures>> runs(kinds.size());
    for (int run = 0; run < settings.runs; ++run) {
        for (std::size_t i = 0; i < kinds.size(); ++i) runs[i].push_back(measure(settings, kinds[i], *groups[i]));
    }
    Report report{"permessage-deflate, 1 000 x 16 texts of 500 bytes"};
    for (std::size_t i = 0; i < kinds.size(); ++i) report.add(kinds[i].name, std::move(runs[i]));
    return report;
}

}  // namespace parley::bench
