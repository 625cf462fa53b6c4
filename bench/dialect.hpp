// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tcp.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::bench {

/// What one kind of server is told by its clients, and how they count what they get: everybody is subscribed to one group, and each publication goes
/// to all of them, the sender too.
class Dialect {
public:
    Dialect() = default;
    Dialect(const Dialect&) = delete;
    Dialect& operator=(const Dialect&) = delete;
    virtual ~Dialect() = default;

    /// Signs in and subscribes over a fresh connection, which blocks. What the server said beyond that is left in `rest`. Throws std::runtime_error.
    virtual void join(const Connection& connection, std::size_t member, std::string& rest) = 0;
    /// Adds what publishes `text`, which is plain letters and digits.
    virtual void publish(std::string& out, std::string_view text) = 0;
    /// Takes whole messages off the front of `bytes` and returns how many of them were deliveries. `answer` gets what the server wants to hear at
    /// once.
    virtual std::size_t take(std::string_view& bytes, std::string& answer) = 0;
};

/// WebSocket frames to and from a server that copies them.
std::unique_ptr<Dialect> plain_websocket(std::uint16_t port);
/// Engine.IO 4 over WebSocket, and the Socket.IO 5 events in it.
std::unique_ptr<Dialect> socket_io(std::uint16_t port);
/// Parley's own: `message.send` to the conversation; member i signs in with token i. What comes compressed, because it was offered, is inflated.
std::unique_ptr<Dialect> parley_socket(std::uint16_t port, std::vector<std::string> access_tokens, std::int64_t conversation,
                                       bool offers_deflate = false);
/// NATS's client protocol.
std::unique_ptr<Dialect> nats();
/// MQTT 3.1.1, QoS 0.
std::unique_ptr<Dialect> mqtt();
/// XMPP with anonymous sign-in, and a multi-user chat room (XEP-0045).
std::unique_ptr<Dialect> xmpp();

}  // namespace parley::bench
