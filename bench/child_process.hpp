// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace parley::bench {

/// The core a measured server runs on, and the one its load runs on: the two never share one, unless a scenario says so.
inline constexpr int server_core = 0, load_core = 1;

/// Binds the calling thread, and what it starts, to one core. Throws std::system_error where the machine has no such core.
void pin_to_core(int core);
/// Lets the calling thread run on all cores of the machine again.
void unpin();

/// A server under measurement in a process of its own, pinned to `server_core` with all it starts itself.
class ChildProcess {
public:
    struct Command {
        std::vector<std::string> arguments;                              // the first is found on PATH
        std::vector<std::pair<std::string, std::string>> environment{};  // beside ours
        std::filesystem::path working_directory{};
        bool pinned = true;
    };
    /// Its output goes nowhere; its complaints come with ours. Throws std::system_error.
    explicit ChildProcess(const Command& command);
    /// Runs `body` in the child; it never returns.
    explicit ChildProcess(const std::function<void()>& body);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    /// Ends it and all it started, if `stop` did not.
    ~ChildProcess();

    pid_t pid() const noexcept { return pid_; }
    bool running();
    /// SIGTERM, and waits for its end; the status as of waitpid(2).
    int stop();
    void kill();

    /// CPU time so far of all threads of the process and of those it started, in microseconds (proc(5), schedstat).
    double cpu_micros() const;
    struct Memory {
        std::int64_t resident_kib = 0, anonymous_kib = 0;
    };
    /// Memory in RAM, of which `anonymous` is the process's own: heap, stacks, written data. With all it started.
    Memory memory() const;

private:
    std::vector<std::filesystem::path> processes() const;
    pid_t pid_ = -1;
};

/// Waits until it listens at the port, looking every few milliseconds. Throws std::runtime_error if it ends, or does not within 60 s.
void wait_until_listening(ChildProcess& process, std::uint16_t port);

}  // namespace parley::bench
