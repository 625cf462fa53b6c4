// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::bench {

/// The real binary on ports that were free.
class ServerProcess {
public:
    struct Options {
        std::string binary;
        std::filesystem::path data_dir;
        std::vector<std::pair<std::string, std::string>> settings;  // environment, such as PARLEY_LIMITS_RATE_LIMITS
        bool pinned = true;
    };
    /// Starts it and waits until `/readyz` says yes, looking every millisecond. Throws std::runtime_error if it does not within 30 s.
    explicit ServerProcess(const Options& options);

    /// SIGTERM, and waits for its end. Throws std::runtime_error if it fails.
    void stop();

    pid_t pid() const noexcept { return process_->pid(); }
    std::uint16_t public_port() const noexcept { return public_port_; }
    std::uint16_t internal_port() const noexcept { return internal_port_; }
    /// From fork(2) to the first 200 of `/readyz`.
    double start_ms() const noexcept { return start_ms_; }

    double cpu_micros() const { return process_->cpu_micros(); }
    ChildProcess::Memory memory() const { return process_->memory(); }
    /// CPU time by the name of the thread.
    std::map<std::string, double> cpu_micros_by_thread() const;
    /// A counter or gauge of `/metrics`.
    double metric(std::string_view name) const;

private:
    void wait_until_ready(const std::filesystem::path& data_dir);
    bool find_ports(const std::filesystem::path& data_dir);

    std::unique_ptr<ChildProcess> process_;
    std::uint16_t public_port_ = 0, internal_port_ = 0;
    double start_ms_ = 0;
};

}  // namespace parley::bench
