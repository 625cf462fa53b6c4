// SPDX-License-Identifier: Apache-2.0
#include "fan_load.hpp"
#include "peers.hpp"
#include "scenarios.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iostream>
#include <map>
#include <optional>

namespace parley::bench {
namespace {

struct Shape {
    std::size_t in_flight, text_bytes;
};
constexpr std::array shapes{Shape{1, 64}, Shape{64, 64}, Shape{16, 512}};

std::string name_of(std::size_t members, const Shape& shape) {
    return fmt::format("{} x {}{}", members, shape.in_flight, shape.text_bytes == 64 ? "" : fmt::format(", {} bytes", shape.text_bytes));
}

/// The runs of each peer, by its name.
using Runs = std::map<std::string, std::vector<Figures>>;

struct Contestant {
    std::string name;
    std::unique_ptr<Peer> peer;
    std::unique_ptr<Audience> audience;
};

std::vector<Contestant> gather(const Settings& settings, std::size_t members) {
    std::vector<Contestant> contestants;
    for (const auto& kind : fanout_peers()) {
        if (kind.is_foreign && !settings.with_peers) continue;
        unpin();  // preparations are not measured
        auto peer = kind.start(settings, members);
        pin_to_core(load_core);
        auto audience = std::make_unique<Audience>(peer->dialect(), peer->port(), members);
        contestants.push_back({kind.name, std::move(peer), std::move(audience)});
    }
    return contestants;
}

void measure(const Settings& settings, Contestant& contestant, std::size_t members, const Shape& shape, Figures& figures) {
    double before = 0, after = 0;
    const auto load = contestant.audience->run({.in_flight = shape.in_flight,
                                                .text_bytes = shape.text_bytes,
                                                .measured = settings.measured,
                                                .on_begin = [&] { before = contestant.peer->cpu_micros(); },
                                                .on_end = [&] { after = contestant.peer->cpu_micros(); }});
    const auto name = name_of(members, shape);
    const auto deliveries = static_cast<double>(load.deliveries);
    figures.set(name + ": CPU us/delivery", (after - before) / deliveries);
    figures.set(name + ": deliveries/s", deliveries / load.seconds);
    figures.set(name + ": all have it, p50 ms", load.p50_ms);
    std::cerr << fmt::format("{:>12} {:>18}: {:.3f} us a delivery, {:.0f} deliveries/s\n", contestant.name, name, (after - before) / deliveries,
                             deliveries / load.seconds);
}

/// What a delivery costs among the most members, as a multiple of what it costs among the fewest.
void add_slopes(const Settings& settings, Figures& figures) {
    const auto fewest = settings.group_sizes.front(), most = settings.group_sizes.back();
    for (const auto& shape : shapes) {
        const auto at = [&](std::size_t members) { return figures.at(name_of(members, shape) + ": CPU us/delivery"); };
        figures.set(fmt::format("slope {} -> {} members, x {}", fewest, most, shape.in_flight), at(most) / at(fewest));
    }
}

double ratio(const Runs& runs, const std::string& over, const std::string& under, const std::string& figure) {
    std::vector<double> ratios;
    const auto &ours = runs.at(over), &theirs = runs.at(under);
    for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i].at(figure) / theirs[i].at(figure));
    return median(ratios);
}

/// For the largest group that P1 and P2 are about.
void add_goals(const Settings& settings, const Runs& runs, Report& report) {
    const auto members = settings.group_sizes.back();
    const auto one = name_of(members, shapes[0]) + ": CPU us/delivery", many = name_of(members, shapes[1]) + ": CPU us/delivery";
    report.add_goal(
        {"P1: CPU of a delivery, one message at a time, Parley / bare copy", ratio(runs, "parley", "bare copy", one), Goal::at_most, 1.15});
    report.add_goal({"P2: M deliveries/s of a core, 64 in flight", 1 / Figures::medians(runs.at("parley")).at(many), Goal::at_least, 2});
    if (!settings.with_peers) return;
    report.add_goal({"P2: nats-server / Parley, CPU of a delivery", ratio(runs, "nats-server", "parley", many), Goal::at_least, 2});
    for (const auto* peer : {"ws", "mosquitto", "socket.io"})
        report.add_goal({fmt::format("P2: {} / Parley, CPU of a delivery", peer), ratio(runs, peer, "parley", many), Goal::at_least, 20});
}

}  // namespace

/// Everybody is there at once, and each run goes through all of them: what the machine does meanwhile, it does to all.
Report fanout(const Settings& settings) {
    Runs runs;
    for (const auto& kind : fanout_peers()) runs[kind.name].resize(static_cast<std::size_t>(settings.runs));
    for (const auto members : settings.group_sizes) {
        auto contestants = gather(settings, members);
        for (std::size_t run = 0; run < static_cast<std::size_t>(settings.runs); ++run) {
            for (const auto& shape : shapes) {
                for (auto& contestant : contestants) measure(settings, contestant, members, shape, runs[contestant.name][run]);
            }
        }
    }
    Report report{"P1-P2 fan-out"};
    add_goals(settings, runs, report);
    for (const auto& kind : fanout_peers()) {
        auto& of_peer = runs[kind.name];
        if (of_peer.empty() || of_peer.front().values().empty()) continue;
        for (auto& figures : of_peer) add_slopes(settings, figures);
        report.add(kind.name, std::move(of_peer));
    }
    return report;
}

}  // namespace parley::bench
