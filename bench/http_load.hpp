// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace parley::bench {

struct HttpLoad {
    std::uint16_t port = 0;
    std::size_t connections = 64;  // kept open; one request at a time on each
    std::function<std::string()> next_request;
    std::chrono::milliseconds warm_up{500}, measured{3000};
    std::function<void()> on_begin, on_end;
};

struct HttpFigures {
    std::int64_t answers = 0;
    double seconds = 0;
    double p50_ms = 0, p99_ms = 0;
};

/// A whole GET request with what every client sends, and `headers` as whole lines.
std::string get_request(std::uint16_t port, std::string_view target, std::string_view headers);

/// Asks as fast as answers come. Throws std::runtime_error for any answer but 200, and for one without Content-Length.
HttpFigures run_http_load(const HttpLoad& load);

}  // namespace parley::bench
