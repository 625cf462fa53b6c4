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

constexpr std::size_t few = 1000, many = 2000;
/// How long the server is watched doing nothing with `many` sockets.
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
    const auto people = make_world(data_dir, {.people = many, .groups = many, .members_per_group = 3});
    ServerProcess server{{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}}}};
    const auto none = server.memory().anonymous_kib;
    const auto first = open_sockets(server.public_port(), std::span{people}.first(few));
    const auto with_few = server.memory().anonymous_kib;
    const auto second = open_sockets(server.public_port(), std::span{people}.subspan(few));
    const auto with_many = server.memory().anonymous_kib;
    figures.set("bytes a socket, the first 1 000", static_cast<double>(with_few - none) * 1024 / static_cast<double>(few));
    figures.set("bytes a socket, the second 1 000", static_cast<double>(with_many - with_few) * 1024 / static_cast<double>(many - few));
    const auto cpu = server.cpu_micros();
    std::this_thread::sleep_for(watched);
    figures.set("% of a core with 2 000 idle sockets", (server.cpu_micros() - cpu) / 1e4 / static_cast<double>(watched.count()));
    server.stop();
}

}  // namespace

Report idle(const Settings& settings) {
    std::vector<Figures> runs;
    for (int i = 0; i < settings.runs; ++i) {
        Figures figures;
        measure_empty(settings, figures);
        measure_sockets(settings, figures);
        runs.push_back(std::move(figures));
    }
    Report report{"P5-P10"};
    report.add("idle", std::move(runs));
    return report;
}

}  // namespace parley::bench
