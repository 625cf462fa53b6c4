// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/history.hpp"
#include "faults/stage.hpp"
#include "support/http_client.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace parley::faults {

/// Somebody with an account. The token outlives every kill.
struct Account {
    std::string username;
    std::int64_t id = 0;
    std::string token;

    /// A client for the server as it can be reached now.
    testing::ApiClient at(const std::string& address) const;
};

/// A client on a thread of its own, from one life of the server to the next. What it is told and what it loses goes into its history.
class Client {
public:
    Client(std::string name, Stage& stage) : name_(std::move(name)), stage_(stage) {}
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    virtual ~Client() = default;

    void start();
    void join();
    /// When the run is over and the server stays: brings to an end what was left open. Not on the thread.
    virtual void settle(const std::string& address) = 0;
    virtual History take_history() = 0;
    const std::string& name() const noexcept { return name_; }

protected:
    /// Goes on until the life ends, or throws when the connection does.
    virtual void live(const Stage::Life& life) = 0;
    virtual void complain(std::string what) = 0;
    Stage& stage() noexcept { return stage_; }

private:
    void run();

    const std::string name_;
    Stage& stage_;
    std::thread thread_;
};

}  // namespace parley::faults
