// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"
#include "process.hpp"
#include "scenarios.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

#include <span>
#include <thread>

namespace parley::bench {
namespace {

constexpr std::size_t few = 1000, many = 2000, all = 10'000;
constexpr std::int64_t messages = 1'000'000;
/// How long the server is watched doing nothing with `all` sockets.
constexpr std::chrono::seconds watched{10};

/// Start and memory of a server on a folder where nothing is yet.
void measure_empty(const Settings& settings, Figures& figures) {
    const TemporaryFolder folder{settings.folder};
    ServerProcess server{{settings.server, folder.path() / "data", {}}};
    figures.set("start on an empty folder ms", server.start_ms());
    const auto memory = server.memory();
    figures.set("idle RSS MiB", static_cast<double>(memory.resident_kib) / 1024);
    figures.set("  of it anonymous MiB", static_cast<double>(memory.anonymous_kib) / 1024);
    server.stop();
}

/// The start of a server that has much to keep.
void measure_full(const Settings& settings, const std::filesystem::path& data_dir, Figures& figures) {
    ServerProcess server{{settings.server, data_dir, {}}};
    figures.set("start with a million messages ms", server.start_ms());
    figures.set("RSS with a million messages MiB", static_cast<double>(server.memory().resident_kib) / 1024);
    server.stop();
}

std::vector<SocketClient> open_sockets(std::uint16_t port, std::span<const Person> people) {
    std::vector<SocketClient> sockets;
    sockets.reserve(people.size());
    for (const auto& person : people) sockets.emplace_back(port, person.access_token);
    return sockets;
}

/// A person, a session and a socket each, everybody in three groups. The first thousand warm the server up, the second is measured.
void measure_sockets(const Settings& settings, Figures& figures) {
    const TemporaryFolder folder{settings.folder};
    const auto data_dir = folder.path() / "data";
    const auto people = make_world(data_dir, {.people = all, .groups = all, .members_per_group = 3});
    ServerProcess server{{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}}}};
    const auto none = server.memory().anonymous_kib;
    const auto first = open_sockets(server.public_port(), std::span{people}.first(few));
    const auto with_few = server.memory().anonymous_kib;
    const auto second = open_sockets(server.public_port(), std::span{people}.subspan(few, many - few));
    const auto with_many = server.memory().anonymous_kib;
    figures.set("bytes a socket, the first 1 000", static_cast<double>(with_few - none) * 1024 / static_cast<double>(few));
    figures.set("bytes a socket, the second 1 000", static_cast<double>(with_many - with_few) * 1024 / static_cast<double>(many - few));
    const auto rest = open_sockets(server.public_port(), std::span{people}.subspan(many));
    std::this_thread::sleep_for(std::chrono::seconds{1});
    const auto cpu = server.cpu_micros();
    std::this_thread::sleep_for(watched);
    figures.set("% of a core with 10 000 idle sockets", (server.cpu_micros() - cpu) / 1e4 / static_cast<double>(watched.count()));
    server.stop();
}

}  // namespace

Report idle(const Settings& settings) {
    const TemporaryFolder folder{settings.folder};
    const auto full = folder.path() / "data";
    unpin();
    add_messages(full, make_world(full, {.people = 64, .groups = few}), messages);
    pin_to_core(load_core);
    std::vector<Figures> runs;
    for (int i = 0; i < settings.runs; ++i) {
        Figures figures;
        measure_empty(settings, figures);
        measure_full(settings, full, figures);
        measure_sockets(settings, figures);
        runs.push_back(std::move(figures));
    }
    const auto medians = Figures::medians(runs);
    Report report{"P5, P10 start and idle"};
    report.add("parley", std::move(runs));
    report.add_goal({"P5: bytes an idle socket", medians.at("bytes a socket, the second 1 000"), Goal::at_most, 4096});
    report.add_goal({"P5: % of a core for 10 000", medians.at("% of a core with 10 000 idle sockets"), Goal::at_most, 1});
    report.add_goal({"P10: start with a million messages, ms", medians.at("start with a million messages ms"), Goal::at_most, 100});
    report.add_goal({"P10: idle RSS, MiB", medians.at("RSS with a million messages MiB"), Goal::at_most, 30});
    return report;
}

}  // namespace parley::bench
