// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/application.hpp"
#include "core/clock.hpp"
#include "support/fakes.hpp"
#include "support/http_client.hpp"
#include "support/socket_client.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::testing {

/// The time of the machine and what a test has added to it: it goes on by itself, so that timers work, and can be moved forward.
class MovableClock final : public Clock {
public:
    Timestamp now() const override { return system_.now() + std::chrono::microseconds{calendar_ahead_}; }
    Moment steady() const override { return system_.steady() + std::chrono::microseconds{steady_ahead_}; }

    /// Both times move: sessions end, files expire, timers fire (within a tick of the wheel).
    void advance(std::chrono::microseconds by) {
        calendar_ahead_ += by.count();
        steady_ahead_ += by.count();
    }
    /// The calendar alone moves; either way.
    void jump(std::chrono::microseconds by) { calendar_ahead_ += by.count(); }

private:
    SystemClock system_;
    std::atomic<std::int64_t> calendar_ahead_ = 0, steady_ahead_ = 0;
};

/// "files.quota_bytes" and its value, as in parley.toml.
using Settings = std::vector<std::pair<std::string, std::string>>;

/// The whole server in this process, on loopback with ports the kernel picks, its data in a folder that is gone in the end. Two shards, rate limits
/// off, passwords hashed cheaply, a drain of a second; `settings` come after these.
class TestServer {
public:
    explicit TestServer(Settings settings = {});
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;
    ~TestServer();

    /// "127.0.0.1:43121".
    const std::string& address() const noexcept { return address_; }
    const std::string& internal_address() const noexcept { return internal_address_; }
    std::filesystem::path data_folder() const { return folder_.path() / "data"; }
    MovableClock& clock() noexcept { return clock_; }
    app::Application& application() noexcept { return *application_; }
    /// What the server has logged, a JSON object a line.
    std::string log() const;

    /// Makes an account, signs in.
    ApiClient sign_up(const std::string& username) const { return ApiClient::sign_up(address_, username); }
    /// Nobody: calls without a token.
    ApiClient anonymous() const { return ApiClient{address_}; }
    SocketClient open_socket(const ApiClient& user) const { return SocketClient::with_token(address_, user.token); }

    /// Stops the server as SIGTERM does; `restart` starts it again.
    void stop();
    /// Stops it if it runs, and starts it on the same folder and the same ports. `more` settings replace earlier ones from now on.
    void restart(const Settings& more = {});

    /// The file of the data folder in which `text` stands, or "" if there is none: for what must be gone.
    std::string file_with(std::string_view text) const;

private:
    void start();

    TemporaryFolder folder_;
    MovableClock clock_;
    SystemRandom random_;
    Settings settings_;
    std::ofstream log_;
    std::unique_ptr<logging::Logger> logger_;
    std::unique_ptr<app::Application> application_;
    std::string address_, internal_address_;
};

}  // namespace parley::testing
