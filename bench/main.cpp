// SPDX-License-Identifier: Apache-2.0
#include "scenarios.hpp"

#include <sys/resource.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

using parley::bench::Report, parley::bench::Settings;

const std::map<std::string, std::function<Report(const Settings&)>> scenarios{
    {"fanout", parley::bench::fanout},          {"history", parley::bench::history},   {"idle", parley::bench::idle},
    {"list", parley::bench::conversation_list}, {"latency", parley::bench::latency},   {"p3", parley::bench::durable_messages},
    {"reconnect", parley::bench::reconnect},    {"requests", parley::bench::requests}, {"slow", parley::bench::slow_readers},
    {"presence", parley::bench::presence},      {"calls", parley::bench::calls},       {"compression", parley::bench::compression}};

/// Ten thousand sockets need as many descriptors; the servers inherit the limit.
void allow_many_files() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
    // Built as <build>/bench/parley_bench, beside <build>/parley.
    const auto build = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
    Settings settings{.server = build / "parley", .folder = std::filesystem::temp_directory_path(), .sizes = {0, 100'000, 1'000'000}};
    std::vector<std::string> chosen;
    std::string label = "local";
    std::filesystem::path results;
    int seconds = 5;
    bool no_bare_loop = false, no_peers = false;
    CLI::App app{"Measures Parley (docs/PERFORMANCE.md)."};
    app.add_option("--scenario", chosen,
                   "fanout: P1, P2; p3; latency: P4; idle: P5, P10; history, list: P6; reconnect: P9; requests: P11; slow: readers that do not read; "
                   "presence; calls: allocations and system calls; compression: permessage-deflate. All, if none is named.")
        ->check(CLI::IsMember(scenarios));
    app.add_option("--server", settings.server, "The release binary.")->check(CLI::ExistingFile)->capture_default_str();
    app.add_option("--runs", settings.runs, "Each figure is the median of so many runs.")->check(CLI::Range(1, 99))->capture_default_str();
    app.add_option("--seconds", seconds, "How long one run of p3 measures.")->check(CLI::Range(1, 3600))->capture_default_str();
    app.add_option("--sizes", settings.sizes, "p3: messages there before the measurement.")->delimiter(',')->capture_default_str();
    app.add_option("--history-sizes", settings.history_sizes, "history: messages there.")->delimiter(',')->capture_default_str();
    app.add_option("--group-sizes", settings.group_sizes, "fanout: members of the group.")->delimiter(',')->capture_default_str();
    app.add_option("--members", settings.members, "p3: members of each conversation, all online: deliveries a message.")->check(CLI::Range(1, 64));
    app.add_flag("--no-bare-loop", no_bare_loop, "p3: the server alone.");
    app.add_flag("--no-peers", no_peers, "fanout: Parley and the bare server alone.");
    app.add_option("--folder", settings.folder, "Where data folders are made: on the disk that is meant.")->capture_default_str();
    app.add_option("--results", results, "Folder for the figures as JSON.");
    app.add_option("--label", label, "Names the file of figures, such as a commit.");
    CLI11_PARSE(app, argc, argv);
    settings.measured = std::chrono::seconds{seconds};
    settings.with_bare_loop = !no_bare_loop;
    settings.with_peers = !no_peers;
    allow_many_files();
    try {
        std::vector<Report> reports;
        for (const auto& [name, measure] : scenarios) {
            if (!chosen.empty() && std::ranges::find(chosen, name) == chosen.end()) continue;
            reports.push_back(measure(settings));
            reports.back().print();
        }
        if (!results.empty()) save(reports, results, label);
        return 0;
    } catch (const std::exception& trouble) {
        std::cerr << "parley_bench: " << trouble.what() << '\n';
        return 1;
    }
}
