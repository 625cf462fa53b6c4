// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "world.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace parley::bench {

struct SendLoad {
    std::uint16_t port = 0;
    std::size_t in_flight = 16;  // of each client
    std::chrono::milliseconds warm_up{1500}, measured{5000};
    /// Called when the measured time begins and when it has ended.
    std::function<void()> on_begin, on_end;
};

struct SendFigures {
    std::int64_t acknowledged = 0;  // in the measured time
    std::int64_t sent = 0;          // altogether; each was acknowledged in the end
    std::int64_t events = 0;        // received altogether
    double seconds = 0;             // of the measured time
    double p50_ms = 0, p99_ms = 0;  // from the send to its acknowledgement
};

/// One socket for each of `people`; each keeps `in_flight` messages of text_bytes on their way, in its groups in turn, and sends the next one for
/// each acknowledgement. Ends when the last is acknowledged. Throws std::runtime_error for any error the server answers.
SendFigures run_send_load(std::span<const Person> people, const SendLoad& load);

}  // namespace parley::bench
