// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <string>
#include <thread>

namespace parley::testing {

/// A network between clients and a server, on loopback, that can be made a bad one. It runs on a thread of its own until it goes.
class TcpProxy {
public:
    TcpProxy();
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;
    ~TcpProxy();

    /// "127.0.0.1:43121".
    const std::string& address() const noexcept { return address_; }

    /// Where connections made from now on lead to: "127.0.0.1:8080".
    void lead_to(const std::string& address);

    /// Every byte comes so much later.
    void delay(std::chrono::milliseconds time) { delay_ms_ = time.count(); }
    /// Nothing passes to the server, or from it, until `heal`; connections stay.
    void stop_to_server() { stopped_to_server_ = true; }
    void stop_to_clients() { stopped_to_clients_ = true; }
    /// Resets every connection that there is; what was on its way is lost.
    void cut() { cut_ = true; }
    /// All passes at once again.
    void heal();

private:
    struct Way;
    struct Link;
    void loop();
    void accept_one();
    bool carry(Way& way, bool stopped);

    std::atomic<std::uint16_t> target_port_ = 0;
    std::string address_;
    int listener_ = -1;
    std::list<Link> links_;
    std::atomic<std::int64_t> delay_ms_ = 0;
    std::atomic<bool> stopped_to_server_ = false, stopped_to_clients_ = false, cut_ = false, ended_ = false;
    std::thread thread_;
};

}  // namespace parley::testing
