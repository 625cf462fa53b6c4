// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include "connection.hpp"
#include "core/clock.hpp"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace parley::bench {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds longest_start{30};
constexpr std::chrono::milliseconds look_every{1};

std::string content_of(const fs::path& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void set_affinity(const cpu_set_t& set) {
    if (::sched_setaffinity(0, sizeof set, &set) != 0) throw std::system_error{errno, std::generic_category(), "sched_setaffinity"};
}

/// In the child, between fork and exec.
[[noreturn]] void become_server(const ServerProcess::Options& options) {
    pin_to_core(server_core);
    ::setenv("PARLEY_STORAGE_DATA_DIR", options.data_dir.c_str(), 1);
    ::setenv("PARLEY_SERVER_LISTEN", "127.0.0.1:0", 1);
    ::setenv("PARLEY_SERVER_INTERNAL_LISTEN", "127.0.0.1:0", 1);
    ::setenv("PARLEY_LOG_LEVEL", "warning", 1);
    for (const auto& [name, value] : options.settings) ::setenv(name.c_str(), value.c_str(), 1);
    ::execl(options.binary.c_str(), options.binary.c_str(), "serve", static_cast<char*>(nullptr));
    ::_exit(127);
}

std::uint16_t port_in(const std::string& json, std::string_view name) {
    const auto key = json.find('"' + std::string{name} + '"');
    if (key == std::string::npos) return 0;
    const auto colon = json.find("127.0.0.1:", key) + std::string_view{"127.0.0.1:"}.size();
    std::uint16_t port = 0;
    std::from_chars(json.data() + colon, json.data() + json.size(), port);
    return port;
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
    for (std::size_t core = 0; core < std::thread::hardware_concurrency(); ++core) CPU_SET(core, &set);
    set_affinity(set);
}

ServerProcess::ServerProcess(const Options& options) {
    const auto start = SystemClock{}.steady();
    fs::remove(options.data_dir / "listen.json");
    pid_ = ::fork();
    if (pid_ < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (pid_ == 0) become_server(options);
    try {
        wait_until_ready(options.data_dir);
    } catch (...) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        throw;
    }
    start_ms_ = std::chrono::duration<double, std::milli>(SystemClock{}.steady() - start).count();
}

ServerProcess::~ServerProcess() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void ServerProcess::stop() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error{"the server did not stop cleanly"};
}

bool ServerProcess::find_ports(const fs::path& data_dir) {
    const auto listening = content_of(data_dir / "listen.json");
    public_port_ = port_in(listening, "public");
    internal_port_ = port_in(listening, "internal");
    return public_port_ != 0 && internal_port_ != 0;
}

void ServerProcess::wait_until_ready(const fs::path& data_dir) {
    const auto end = SystemClock{}.steady() + longest_start;
    while (!find_ports(data_dir) || get(public_port_, "/readyz").status != 200) {
        if (::waitpid(pid_, nullptr, WNOHANG) != 0) throw std::runtime_error{"the server ended before it was ready"};
        if (SystemClock{}.steady() > end) throw std::runtime_error{"the server is not ready"};
        std::this_thread::sleep_for(look_every);
    }
}

std::int64_t ServerProcess::cpu_micros() const {
    const auto stat = content_of(fs::path{"/proc"} / std::to_string(pid_) / "stat");
    std::istringstream fields{stat.substr(stat.rfind(')') + 2)};  // the name before it may hold anything
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    std::int64_t user = 0, system = 0;
    fields >> user >> system;
    return (user + system) * 1'000'000 / ::sysconf(_SC_CLK_TCK);
}

std::map<std::string, std::int64_t> ServerProcess::cpu_micros_by_thread() const {
    std::map<std::string, std::int64_t> by_thread;
    for (const auto& task : fs::directory_iterator{fs::path{"/proc"} / std::to_string(pid_) / "task"}) {
        auto name = content_of(task.path() / "comm");
        if (!name.empty()) name.pop_back();
        std::istringstream fields{content_of(task.path() / "schedstat")};
        std::int64_t nanos = 0;
        fields >> nanos;
        by_thread[name] += nanos / 1000;
    }
    return by_thread;
}

ServerProcess::Memory ServerProcess::memory() const {
    std::istringstream status{content_of(fs::path{"/proc"} / std::to_string(pid_) / "status")};
    Memory memory;
    for (std::string name; status >> name;) {
        if (name == "VmRSS:") status >> memory.resident_kib;
        if (name == "RssAnon:") status >> memory.anonymous_kib;
    }
    return memory;
}

double ServerProcess::metric(std::string_view name) const {
    const auto text = get(internal_port_, "/metrics").body;
    const auto line = text.find('\n' + std::string{name} + ' ');
    if (line == std::string::npos) throw std::runtime_error{"no such metric: " + std::string{name}};
    return std::stod(text.substr(line + name.size() + 2));
}

}  // namespace parley::bench
