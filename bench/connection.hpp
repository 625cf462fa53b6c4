// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "frames.hpp"
#include "tcp.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::bench {

/// A WebSocket to the server's /api/v1/realtime over a plain socket.
class SocketClient {
public:
    /// Connects, upgrades, and waits for `hello`; from there on the socket does not block. Throws std::runtime_error.
    SocketClient(std::uint16_t port, std::string_view access_token);

    int handle() const noexcept { return connection_.handle(); }

    /// Adds a text frame to what the next `flush` sends.
    void queue(std::string_view text) { add_client_frame(out_, Opcode::text, text); }
    /// Sends what is queued. False if some of it has to wait until the socket is writable.
    bool flush();

    /// Reads what has come and calls `take(text)` for every whole text frame. A ping is answered with the next flush.
    template <class Take>
    void read(Take&& take) {
        receive();
        std::string_view rest = in_, text;
        while (next_frame(rest, text)) {
            if (!text.empty()) take(text);
        }
        in_.erase(0, in_.size() - rest.size());
    }

private:
    void receive();
    bool next_frame(std::string_view& rest, std::string_view& text);

    Connection connection_;
    std::string out_;
    std::size_t sent_ = 0;
    std::string in_;
};

}  // namespace parley::bench
