// SPDX-License-Identifier: Apache-2.0
#include "support/server_process.hpp"

#include "support/http_client.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace parley::testing {
namespace {

constexpr std::chrono::milliseconds look_every{3};

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// This program's environment without its own settings of a server, and with those asked for.
std::vector<std::string> environment_of(const ServerProcess::Options& options) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        if (!std::string_view{*entry}.starts_with("PARLEY_")) all.emplace_back(*entry);
    }
    all.push_back("PARLEY_STORAGE_DATA_DIR=" + options.data_folder.string());
    all.emplace_back("PARLEY_SERVER_LISTEN=127.0.0.1:0");
    all.emplace_back("PARLEY_SERVER_INTERNAL_LISTEN=127.0.0.1:0");
    all.emplace_back("PARLEY_SERVER_THREADS=2");
    all.emplace_back("PARLEY_LIMITS_RATE_LIMITS=off");
    all.emplace_back("PARLEY_LOG_LEVEL=warning");
    for (const auto& [name, value] : options.settings) {
        std::erase_if(all, [&](const std::string& entry) { return entry.starts_with(name + '='); });
        if (!value.empty()) all.push_back(name + '=' + value);
    }
    return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

int exit_code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

std::string read_to_end(int pipe) {
    std::string text;
    std::array<char, 4096> piece{};
    for (;;) {
        const auto count = ::read(pipe, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace

ServerProcess::Ended ServerProcess::run(const Options& options, std::vector<std::string> words) {
    words.insert(words.begin(), options.binary.string());
    auto settings = environment_of(options);
    const auto arguments = pointers_to(words), environment = pointers_to(settings);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail("pipe");
    const auto child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::alarm(60);
        ::dup2(pipe[1], STDOUT_FILENO);
        ::dup2(pipe[1], STDERR_FILENO);
        ::execve(arguments[0], arguments.data(), environment.data());
        ::_exit(127);
    }
    ::close(pipe[1]);
    Ended ended{.output = read_to_end(pipe[0])};
    ::close(pipe[0]);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) < 0) fail("run a subcommand");
    ended.code = exit_code_of(status);
    return ended;
}

ServerProcess::~ServerProcess() {
    try {
        kill();
    } catch (const std::exception&) {  // it is gone, or nothing can be done about it here
        pid_ = -1;
    }
}

/// Between fork and exec, where other threads' locks may be held: system calls only.
void ServerProcess::become_server(char* const* arguments, char* const* environment, int log) const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    if (options_.largest_file_bytes) {
        const rlimit limit{*options_.largest_file_bytes, *options_.largest_file_bytes};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::signal(SIGXFSZ, SIG_IGN);  // write(2) then fails with EFBIG
    }
    ::execve(arguments[0], arguments, environment);
    ::_exit(127);
}

void ServerProcess::launch() {
    std::error_code ignored;
    std::filesystem::remove(options_.data_folder / "listen.json", ignored);
    std::vector<std::string> words{options_.binary.string(), "serve"}, settings = environment_of(options_);
    const auto arguments = pointers_to(words), environment = pointers_to(settings);
    const int log = ::open(options_.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (log < 0) fail("open the server's log");
    launched_ = moment();
    pid_ = ::fork();
    if (pid_ == 0) become_server(arguments.data(), environment.data(), log);
    ::close(log);
    if (pid_ < 0) fail("fork");
    handle_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (handle_ < 0) fail("pidfd_open");
}

std::chrono::milliseconds ServerProcess::wait_until_ready(std::chrono::milliseconds limit) {
    const auto end = launched_ + limit;
    while (!find_addresses() || !answers_ready()) {
        if (const auto code = wait_for_exit(look_every)) throw std::runtime_error("the server ended before it was ready: " + std::to_string(*code));
        if (moment() >= end) throw std::runtime_error("the server was not ready in time");
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(moment() - launched_);
}

std::chrono::milliseconds ServerProcess::start() {
    launch();
    return wait_until_ready();
}

bool ServerProcess::find_addresses() {
    std::ifstream file{options_.data_folder / "listen.json"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (text.empty()) return false;
    const auto json = Json::parse(text);
    address_ = json["public"].string();
    internal_address_ = json["internal"].string();
    return true;
}

bool ServerProcess::answers_ready() const {
    try {
        return HttpClient{address_}.request("GET", "/readyz").status == 200;
    } catch (const std::exception&) {
        return false;
    }
}

void ServerProcess::signal(int number) const {
    if (::kill(pid_, number) != 0) fail("kill");
}

void ServerProcess::kill() {
    if (!running()) return;
    signal(SIGKILL);
    if (!wait_for_exit(patience)) throw std::runtime_error("the server did not go when it was killed");
}

std::optional<int> ServerProcess::wait_for_exit(std::chrono::milliseconds limit) {
    pollfd entry{handle_, POLLIN, 0};
    const auto end = moment() + limit;
    int ready = 0;
    do {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - moment());
        ready = ::poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0) return std::nullopt;
    int status = 0;
    if (::waitpid(std::exchange(pid_, -1), &status, 0) < 0) fail("waitpid");
    ::close(std::exchange(handle_, -1));
    return exit_code_of(status);
}

}  // namespace parley::testing
