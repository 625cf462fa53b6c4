// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace parley::bench {

/// What the bare loop writes for each message.
enum class BareRows : std::uint8_t {
    log_only,  // nothing but the row: less than the contract needs, the limit of what SQLite can append
    all,       // the row, the key its client gave it, and its place in the index, behind the commits in sorted runs: what the contract needs
};

struct BareFigures {
    double messages_per_second = 0;
    double cpu_micros_per_message = 0;
};

/// The rows of P3 appended to the server's own tables by a plain loop over SQLite: same settings, same durability, one commit (and fsync) for each
/// `batch` messages; no look-ups, no rules, no sockets. `filled` messages are there before the clock starts. Runs on the calling thread.
/// Throws std::runtime_error.
BareFigures run_bare_append(const std::filesystem::path& folder, BareRows rows, std::int64_t filled, std::int64_t batch,
                            std::chrono::milliseconds duration);

}  // namespace parley::bench
