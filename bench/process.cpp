// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include "core/clock.hpp"
#include "tcp.hpp"

#include <sys/wait.h>
#include <charconv>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
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

ChildProcess::Command command_of(const ServerProcess::Options& options) {
    ChildProcess::Command command{.arguments = {options.binary, "serve"},
                                  .environment = {{"PARLEY_STORAGE_DATA_DIR", options.data_dir},
                                                  {"PARLEY_SERVER_LISTEN", "127.0.0.1:0"},
                                                  {"PARLEY_SERVER_INTERNAL_LISTEN", "127.0.0.1:0"},
                                                  {"PARLEY_LOG_LEVEL", "warning"}},
                                  .pinned = options.pinned};
    command.environment.insert(command.environment.end(), options.settings.begin(), options.settings.end());
    return command;
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

ServerProcess::ServerProcess(const Options& options) {
    const auto start = SystemClock{}.steady();
    fs::remove(options.data_dir / "listen.json");
    process_ = std::make_unique<ChildProcess>(command_of(options));
    wait_until_ready(options.data_dir);
    start_ms_ = std::chrono::duration<double, std::milli>(SystemClock{}.steady() - start).count();
}

void ServerProcess::stop() {
    const int status = process_->stop();
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
        if (!process_->running()) throw std::runtime_error{"the server ended before it was ready"};
        if (SystemClock{}.steady() > end) throw std::runtime_error{"the server is not ready"};
        std::this_thread::sleep_for(look_every);
    }
}

std::map<std::string, double> ServerProcess::cpu_micros_by_thread() const {
    std::map<std::string, double> by_thread;
    for (const auto& task : fs::directory_iterator{fs::path{"/proc"} / std::to_string(pid()) / "task"}) {
        auto name = content_of(task.path() / "comm");
        if (!name.empty()) name.pop_back();
        std::ifstream file{task.path() / "schedstat"};
        double nanos = 0;
        file >> nanos;
        by_thread[name] += nanos / 1000;
    }
    return by_thread;
}

double ServerProcess::metric(std::string_view name) const {
    const auto text = get(internal_port_, "/metrics").body;
    const auto line = text.find('\n' + std::string{name} + ' ');
    if (line == std::string::npos) throw std::runtime_error{"no such metric: " + std::string{name}};
    return std::stod(text.substr(line + name.size() + 2));
}

}  // namespace parley::bench
