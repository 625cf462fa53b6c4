// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/http_client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::testing {

/// A WebSocket client that never waits, so that one thread can hold hundreds with poll(2). Pings are answered.
class SocketLine {
public:
    /// Begins to connect to "127.0.0.1:8080" and to ask for the upgrade. Throws std::system_error if not even that works.
    SocketLine(const std::string& address, const Fields& fields);
    SocketLine(const SocketLine&) = delete;
    SocketLine& operator=(const SocketLine&) = delete;
    SocketLine(SocketLine&& other) noexcept;
    SocketLine& operator=(SocketLine&& other) noexcept;
    ~SocketLine();

    /// For poll(2).
    int descriptor() const noexcept { return socket_; }
    short events() const noexcept;

    /// Sends what waits and takes what has come. False when the connection has ended, the upgrade was refused, or a close frame came.
    bool exchange();
    bool upgraded() const noexcept { return upgraded_; }
    /// Why it ended: "4008 too slow", or empty where the connection just broke.
    const std::string& farewell() const noexcept { return farewell_; }

    void send_text(std::string_view text);
    /// The next text frame that has come whole.
    std::optional<std::string> next_text();

private:
    bool send_waiting();
    bool take_incoming();
    bool read_answer();
    /// The payload of the next whole frame and its opcode; nothing if it has not come.
    std::optional<std::pair<int, std::string>> next_frame();

    int socket_ = -1;
    std::string outgoing_, incoming_, farewell_;
    std::size_t taken_ = 0;  // of `incoming_`
    bool upgraded_ = false;
};

}  // namespace parley::testing
