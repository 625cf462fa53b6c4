// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::bench {

/// A port of 127.0.0.1 that was free a moment ago, for servers that cannot choose one themselves. Throws std::runtime_error.
std::uint16_t free_port();

/// A blocking TCP connection to 127.0.0.1, until somebody makes it non-blocking.
class Connection {
public:
    Connection() = default;
    /// Throws std::runtime_error if nobody listens.
    explicit Connection(std::uint16_t port);
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&& other) noexcept;
    ~Connection();

    int handle() const noexcept { return handle_; }
    void make_nonblocking() const;

    /// Sends all of it, or throws std::runtime_error.
    void send(std::string_view bytes) const;
    /// Adds what one recv(2) gives to `in`; false at the end of the stream, or when nothing is there yet (errno tells).
    bool receive(std::string& in) const;
    /// Receives until `end` is in it, and returns what came up to there and with it; what came behind stays in `rest`. Throws std::runtime_error.
    std::string receive_until(std::string_view end, std::string& rest) const;

private:
    int handle_ = -1;
};

/// Whether somebody listens.
bool listens(std::uint16_t port);

struct Response {
    int status = 0;  // 0: nobody listens, or the connection broke off
    std::string body;
};
/// GET on a connection of its own, to 127.0.0.1.
Response get(std::uint16_t port, std::string_view path);

/// Of an HTTP/1.1 answer; 0 if it is none.
int status_in(std::string_view head);

}  // namespace parley::bench
