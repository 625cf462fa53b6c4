// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// One function for each scenario of docs/PERFORMANCE.md.
namespace parley::bench {

struct Settings {
    std::string server;            // the release binary
    std::filesystem::path folder;  // where data folders are made, and removed again
    int runs = 5;                  // each figure is the median of so many
    std::chrono::seconds measured{5};
    std::vector<std::int64_t> sizes;                             // messages there before the measurement
    std::vector<std::int64_t> history_sizes{10'000, 1'000'000};  // messages there, of history
    std::vector<std::size_t> group_sizes{10, 100, 1000};         // of the fan-out
    std::size_t members = 1;                                     // of each conversation, all of them online
    bool with_bare_loop = true;
    bool with_peers = true;  // the servers of others
};

/// P1 and P2: one group, everybody online, beside other servers.
Report fanout(const Settings& settings);

/// P3: durable messages over sockets, beside the same appends in a bare loop.
Report durable_messages(const Settings& settings);

/// P4: how long a message takes to its receiver at half load.
Report latency(const Settings& settings);

/// P6: pages of history, and lists of conversations, over HTTP.
Report history(const Settings& settings);
Report conversation_list(const Settings& settings);

/// The deliveries of healthy sockets beside some that do not read.
Report slow_readers(const Settings& settings);

/// What permessage-deflate costs and saves.
Report compression(const Settings& settings);

/// What presence costs.
Report presence(const Settings& settings);

/// Allocations and system calls.
Report calls(const Settings& settings);

/// P9: ten thousand sockets come back at once.
Report reconnect(const Settings& settings);

/// P11: a small signed-in request beside nginx.
Report requests(const Settings& settings);

/// P5 and P10: start, idle memory, idle sockets.
Report idle(const Settings& settings);

}  // namespace parley::bench
