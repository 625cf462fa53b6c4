// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"

#include "core/clock.hpp"
#include "tcp.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace parley::bench {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds longest_start{60};
constexpr std::chrono::milliseconds look_every{5};

void set_affinity(const cpu_set_t& set) {
    if (::sched_setaffinity(0, sizeof set, &set) != 0) throw std::system_error{errno, std::generic_category(), "sched_setaffinity"};
}

/// In the child, between fork and exec: a session of its own, so that what it starts is found, and gone when we are.
void settle(bool pinned) {
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    pinned ? pin_to_core(server_core) : unpin();
}

[[noreturn]] void become(const ChildProcess::Command& command) {
    settle(command.pinned);
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nowhere, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    for (const auto& [name, value] : command.environment) ::setenv(name.c_str(), value.c_str(), 1);
    if (!command.working_directory.empty()) fs::current_path(command.working_directory);
    std::vector<char*> arguments;
    for (const auto& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
}

/// Field 6 of /proc/<pid>/stat (proc(5)): the session.
pid_t session_of(const fs::path& process) {
    std::ifstream file{process / "stat"};
    std::string stat{std::istreambuf_iterator<char>{file}, {}};
    if (stat.empty()) return 0;
    std::istringstream fields{stat.substr(stat.rfind(')') + 2)};  // the name before it may hold anything
    std::string state;
    pid_t parent = 0, group = 0, session = 0;
    fields >> state >> parent >> group >> session;
    return session;
}

}  // namespace

void pin_to_core(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(core), &set);
    set_affinity(set);
}

void unpin() {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (long core = 0; core < ::sysconf(_SC_NPROCESSORS_ONLN); ++core) CPU_SET(static_cast<std::size_t>(core), &set);
    set_affinity(set);
}

ChildProcess::ChildProcess(const Command& command) : pid_(::fork()) {
    if (pid_ < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (pid_ == 0) become(command);
}

ChildProcess::ChildProcess(const std::function<void()>& body) : pid_(::fork()) {
    if (pid_ < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (pid_ > 0) return;
    settle(true);
    body();
    ::_exit(1);
}

ChildProcess::~ChildProcess() { kill(); }

bool ChildProcess::running() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = -1;
    return pid_ > 0;
}

int ChildProcess::stop() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return status;
}

void ChildProcess::kill() {
    if (pid_ < 0) return;
    for (const auto& process : processes()) ::kill(static_cast<pid_t>(std::stol(process.filename())), SIGKILL);
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
}

std::vector<fs::path> ChildProcess::processes() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator{"/proc"}) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") == std::string::npos && session_of(entry.path()) == pid_) found.push_back(entry.path());
    }
    return found;
}

double ChildProcess::cpu_micros() const {
    double micros = 0;
    for (const auto& process : processes()) {
        std::error_code gone;
        for (const auto& task : fs::directory_iterator{process / "task", gone}) {
            std::ifstream file{task.path() / "schedstat"};
            double nanos = 0;
            file >> nanos;
            micros += nanos / 1000;
        }
    }
    return micros;
}

ChildProcess::Memory ChildProcess::memory() const {
    Memory memory;
    for (const auto& process : processes()) {
        std::ifstream status{process / "status"};
        std::int64_t kib = 0;
        for (std::string name; status >> name;) {
            if (name == "VmRSS:" && status >> kib) memory.resident_kib += kib;
            if (name == "RssAnon:" && status >> kib) memory.anonymous_kib += kib;
        }
    }
    return memory;
}

void wait_until_listening(ChildProcess& process, std::uint16_t port) {
    const auto end = SystemClock{}.steady() + longest_start;
    while (!listens(port)) {
        if (!process.running()) throw std::runtime_error{"a server ended before it listened"};
        if (SystemClock{}.steady() > end) throw std::runtime_error{"a server does not listen"};
        std::this_thread::sleep_for(look_every);
    }
}

}  // namespace parley::bench
