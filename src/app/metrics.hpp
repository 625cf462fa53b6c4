// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/router.hpp"
#include "http/server.hpp"
#include "jobs/worker.hpp"
#include "logging/logger.hpp"
#include "storage/database.hpp"

#include <cstdint>
#include <string>

namespace parley::app {

/// What is counted, gathered at the moment it is asked for.
struct MetricsSource {
    const http::ServerCounters& http;
    storage::Statistics storage;
    const jobs::Counters& jobs;
    std::int64_t sockets_open;
    std::size_t events_unplaced;
    std::uint64_t shard_overflows;
    std::uint64_t log_lines_dropped;
    std::size_t delivery_bytes_waiting;
    std::uint64_t shard_holds;
    const http::Router& routes;
};

/// Prometheus text format 0.0.4.
std::string prometheus_text(const MetricsSource& source);

}  // namespace parley::app
