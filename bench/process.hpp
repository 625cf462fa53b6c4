// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::bench {

/// The core a measured server runs on, and the one its load runs on: the two never share one.
inline constexpr int server_core = 0, load_core = 1;

/// Binds the calling thread, and what it starts, to one core. Throws std::system_error where the machine has no such core.
void pin_to_core(int core);
/// Lets the calling thread run on all cores of the machine again.
void unpin();

/// The server under measurement: the real binary in a process of its own, pinned to `server_core`, on ports that were free.
class ServerProcess {
public:
    struct Options {
        std::string binary;
        std::filesystem::path data_dir;
        std::vector<std::pair<std::string, std::string>> settings;  // environment, such as PARLEY_LIMITS_RATE_LIMITS
    };
    /// Starts it and waits until `/readyz` says yes, looking every millisecond. Throws std::runtime_error if it does not within 30 s.
    explicit ServerProcess(const Options& options);
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;
    /// Stops it, if `stop` did not.
    ~ServerProcess();

    /// SIGTERM, and waits for its end. Throws std::runtime_error if it fails.
    void stop();

    pid_t pid() const noexcept { return pid_; }
    std::uint16_t public_port() const noexcept { return public_port_; }
    std::uint16_t internal_port() const noexcept { return internal_port_; }
    /// From fork(2) to the first 200 of `/readyz`.
    double start_ms() const noexcept { return start_ms_; }

    /// User and system time so far, of all threads, in microseconds (proc(5), utime and stime: whole clock ticks).
    std::int64_t cpu_micros() const;
    /// The same by the name of the thread, to the microsecond (proc(5), schedstat).
    std::map<std::string, std::int64_t> cpu_micros_by_thread() const;
    /// Memory in RAM, of which `anonymous` is the process's own: heap, stacks, written data.
    struct Memory {
        std::int64_t resident_kib = 0, anonymous_kib = 0;
    };
    Memory memory() const;
    /// A counter or gauge of `/metrics`.
    double metric(std::string_view name) const;

private:
    void wait_until_ready(const std::filesystem::path& data_dir);
    bool find_ports(const std::filesystem::path& data_dir);

    pid_t pid_ = -1;
    std::uint16_t public_port_ = 0, internal_port_ = 0;
    double start_ms_ = 0;
};

}  // namespace parley::bench
