// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/connection.hpp"

#include <sys/types.h>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::testing {

/// The built server as a process of its own, on loopback with ports the kernel picks. Every wait has an end; what takes longer throws
/// std::runtime_error. One that still runs when this object goes is killed.
class ServerProcess {
public:
    struct Options {
        std::filesystem::path binary;
        std::filesystem::path data_folder;
        /// Where both of its outputs are appended.
        std::filesystem::path log;
        /// Environment variables, as {"PARLEY_SERVER_DRAIN", "5s"}. Rate limits are off and there are two shards. An empty value
        /// takes one away that is set otherwise.
        std::vector<std::pair<std::string, std::string>> settings = {};
        /// No file may grow beyond this (RLIMIT_FSIZE): writes fail with EFBIG from there on, as on a disk that refuses them.
        std::optional<std::uint64_t> largest_file_bytes = std::nullopt;
    };

    struct Ended {
        int code = 0;
        std::string output;  // both outputs
    };
    /// Runs a subcommand with the settings of such a server, and waits for its end: at most a minute.
    static Ended run(const Options& options, std::vector<std::string> words);

    explicit ServerProcess(Options options) : options_(std::move(options)) {}
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;
    ~ServerProcess();

    /// Starts it and returns at once.
    void launch();
    /// Waits until /readyz answers 200, and returns the time since `launch`. Throws if it ends before.
    std::chrono::milliseconds wait_until_ready(std::chrono::milliseconds limit = std::chrono::seconds{30});
    std::chrono::milliseconds start();

    void signal(int number) const;
    /// SIGKILL, and waits until it is gone.
    void kill();
    /// Its exit code, 128 + the number of the signal that ended it, or nothing if it still runs after `limit`.
    std::optional<int> wait_for_exit(std::chrono::milliseconds limit);
    bool running() const noexcept { return pid_ > 0; }
    pid_t pid() const noexcept { return pid_; }

    /// "127.0.0.1:43121", once it was ready.
    const std::string& address() const noexcept { return address_; }
    const std::string& internal_address() const noexcept { return internal_address_; }
    const std::filesystem::path& data_folder() const noexcept { return options_.data_folder; }

private:
    [[noreturn]] void become_server(char* const* arguments, char* const* environment, int log) const;
    bool find_addresses();
    bool answers_ready() const;

    const Options options_;
    pid_t pid_ = -1;
    int handle_ = -1;  // pidfd_open(2): readable when the process has ended
    std::chrono::steady_clock::time_point launched_;
    std::string address_, internal_address_;
};

}  // namespace parley::testing
