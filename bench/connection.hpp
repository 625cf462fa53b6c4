// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::bench {

struct Response {
    int status = 0;  // 0: nobody listens, or the connection broke off
    std::string body;
};
/// GET on a connection of its own, to 127.0.0.1.
Response get(std::uint16_t port, std::string_view path);

/// A WebSocket to the server's /api/v1/realtime over a plain socket. Frames are made and read by hand: what a load generator spends, it cannot load
/// with.
class SocketClient {
public:
    /// Connects, upgrades, and waits for `hello`; from there on the socket does not block. Throws std::runtime_error.
    SocketClient(std::uint16_t port, std::string_view access_token);
    SocketClient(SocketClient&& other) noexcept;
    SocketClient& operator=(SocketClient&&) = delete;
    ~SocketClient();

    int handle() const noexcept { return handle_; }

    /// Adds a text frame to what the next `flush` sends.
    void queue(std::string_view text);
    /// Sends what is queued. False if some of it has to wait until the socket is writable.
    bool flush();

    /// Reads what has come and calls `take(text)` for every whole text frame. A ping is answered with the next flush.
    template <class Take>
    void read(Take&& take) {
        receive();
        for (std::string_view text; next_frame(text);) {
            if (!text.empty()) take(text);
        }
        forget_taken();
    }

private:
    void upgrade(std::uint16_t port, std::string_view access_token);
    void receive();
    bool next_frame(std::string_view& text);
    void forget_taken();
    void queue_frame(unsigned opcode, std::string_view payload);

    int handle_ = -1;
    std::string out_;
    std::size_t sent_ = 0;
    std::string in_;
    std::size_t taken_ = 0;
};

}  // namespace parley::bench
