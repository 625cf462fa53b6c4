// SPDX-License-Identifier: Apache-2.0
#include "bare_append.hpp"
#include "process.hpp"
#include "scenarios.hpp"
#include "send_load.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

#include <fmt/format.h>
#include <iostream>
#include <map>
#include <stdexcept>

namespace parley::bench {
namespace {

constexpr std::size_t clients = 64, conversations = 1000;

/// What the server had spent and done at one moment.
struct Odometer {
    explicit Odometer(const ServerProcess& server)
        : cpu_micros(server.cpu_micros()),
          by_thread(server.cpu_micros_by_thread()),
          commits(server.metric("parley_storage_commits_total")),
          jobs(server.metric("parley_storage_jobs_total")),
          checkpoints(server.metric("parley_storage_checkpoints_total")) {}

    double cpu_micros;
    std::map<std::string, double> by_thread;
    double commits, jobs, checkpoints;
};

Figures figures_of(const SendFigures& sent, const Odometer& before, const Odometer& after) {
    const auto messages = static_cast<double>(sent.acknowledged);
    Figures figures;
    figures.set("acknowledged messages/s", messages / sent.seconds);
    figures.set("server CPU us/message", (after.cpu_micros - before.cpu_micros) / messages);
    double others = 0;
    for (const auto& [name, micros] : after.by_thread) {
        const auto earlier = before.by_thread.find(name);
        const auto spent = micros - (earlier == before.by_thread.end() ? 0.0 : earlier->second);
        if (name == "db-writer" || name == "shard-0") figures.set("  of it " + name, spent / messages);
        else others += spent;
    }
    figures.set("  of it other threads", others / messages);
    figures.set("latency p50 ms", sent.p50_ms);
    figures.set("latency p99 ms", sent.p99_ms);
    figures.set("messages/commit", (after.jobs - before.jobs) / (after.commits - before.commits));
    figures.set("checkpoints/s", (after.checkpoints - before.checkpoints) / sent.seconds);
    return figures;
}

/// One life of the server: start, load, stop; and every message that was acknowledged stands in the log.
Figures measure_server(const Settings& settings, const std::filesystem::path& data_dir, const std::vector<Person>& people) {
    const auto before_run = events_in(data_dir);
    ServerProcess server{{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}}}};
    std::optional<Odometer> before, after;
    const auto sent = run_send_load(people, {.port = server.public_port(),
                                             .measured = settings.measured,
                                             .on_begin = [&] { before.emplace(server); },
                                             .on_end = [&] { after.emplace(server); }});
    server.stop();
    if (events_in(data_dir) != before_run + sent.sent) throw std::runtime_error{"the log does not hold what was acknowledged"};
    if (sent.events < sent.sent * static_cast<std::int64_t>(settings.members) - static_cast<std::int64_t>(clients * 16 * settings.members))
        throw std::runtime_error{"events are missing"};
    return figures_of(sent, *before, *after);
}

void add_bare_loop(const Settings& settings, std::int64_t size, std::int64_t batch, double server_rate, Figures& figures) {
    pin_to_core(server_core);
    const auto bare = [&](BareRows rows) {
        const TemporaryFolder folder{settings.folder};
        return run_bare_append(folder.path(), rows, size, batch, settings.measured);
    };
    const auto all = bare(BareRows::all), log_only = bare(BareRows::log_only);
    pin_to_core(load_core);
    figures.set("bare loop messages/s", all.messages_per_second);
    figures.set("bare loop CPU us/message", all.cpu_micros_per_message);
    figures.set("server / bare loop, rate", server_rate / all.messages_per_second);
    figures.set("bare rows only messages/s", log_only.messages_per_second);
    figures.set("bare rows only CPU us/message", log_only.cpu_micros_per_message);
}

std::vector<Figures> measure_size(const Settings& settings, std::int64_t size) {
    const TemporaryFolder folder{settings.folder};
    const auto data_dir = folder.path() / "data";
    unpin();
    const auto people = make_world(data_dir, {.people = clients, .groups = conversations, .members_per_group = settings.members});
    add_messages(data_dir, people, size);
    pin_to_core(load_core);
    std::vector<Figures> runs;
    for (int i = 0; i < settings.runs; ++i) {
        auto figures = measure_server(settings, data_dir, people);
        const auto rate = figures.at("acknowledged messages/s");
        std::cerr << fmt::format("{} messages there, run {}: {:.0f}/s, {:.1f} us\n", size, i + 1, rate, figures.at("server CPU us/message"));
        if (settings.with_bare_loop)
            add_bare_loop(settings, size, std::max<std::int64_t>(1, static_cast<std::int64_t>(figures.at("messages/commit"))), rate, figures);
        runs.push_back(std::move(figures));
    }
    return runs;
}

}  // namespace

Report durable_messages(const Settings& settings) {
    Report report{"P3 durable messages"};
    for (const auto size : settings.sizes) {
        auto runs = measure_size(settings, size);
        const auto medians = Figures::medians(runs);
        report.add_goal({"P3: server CPU us/message, " + size_name(size), medians.at("server CPU us/message"), Goal::at_most, 20});
        if (settings.with_bare_loop)
            report.add_goal({"P3: rate, server / bare loop, " + size_name(size), medians.at("server / bare loop, rate"), Goal::at_least, 0.4});
        report.add(size_name(size), std::move(runs));
    }
    return report;
}

}  // namespace parley::bench
