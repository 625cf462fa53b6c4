// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/http_client.hpp"
#include "websocket/frame.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace parley::testing {

/// A blocking WebSocket client (RFC 6455) that checks little and lets a test send what it likes. Pings are answered while it waits for something.
class SocketClient {
public:
    struct Options {
        std::string target = "/api/v1/realtime";
        std::string subprotocol = "parley.v1";  // "" leaves it out
        Fields fields = {};                     // Authorization, Cookie, Origin
        int receive_buffer_bytes = 0;
        bool answers_pings = true;
    };

    struct Frame {
        websocket::Opcode opcode;
        bool fin;
        std::string payload;
    };

    /// What the server's close frame said; code 0: the connection ended without one; 1005: it had no code.
    struct Closed {
        std::uint16_t code = 0;
        std::string reason;
    };

    /// Connects and asks for the upgrade. `handshake()` tells whether it was granted (101).
    SocketClient(const std::string& address, Options options);
    explicit SocketClient(const std::string& address) : SocketClient(address, Options{}) {}
    /// With the token in the Authorization header.
    static SocketClient with_token(const std::string& address, const std::string& token);

    const Answer& handshake() const noexcept { return handshake_; }

    void send(const boost::json::value& frame) { send_text(boost::json::serialize(frame)); }
    void send_text(std::string_view text) { send_frame(websocket::Opcode::text, text); }
    void send_frame(websocket::Opcode opcode, std::string_view payload, bool fin = true);
    void send_raw(std::string_view bytes) { connection_.send(bytes); }
    void send_close(std::uint16_t code, std::string_view reason = {});

    /// The next frame of any kind, nothing if none comes within `limit`. Throws std::runtime_error when the connection ends.
    std::optional<Frame> next_frame(std::chrono::milliseconds limit = patience);
    /// The next text frame's JSON. Throws std::runtime_error if none comes in time, or the socket closes.
    Json next(std::chrono::milliseconds limit = patience);
    /// The next one for which `wanted` is true; the others are passed over.
    Json wait_for(const std::function<bool(const Json&)>& wanted, std::chrono::milliseconds limit = patience);
    /// `wait_for_type("hello")`.
    Json wait_for_type(std::string_view type, std::chrono::milliseconds limit = patience);
    /// `wait_for_event("message.created")`.
    Json wait_for_event(std::string_view event, std::chrono::milliseconds limit = patience);
    /// The `ok`, `error` or `pong` with this id.
    Json wait_for_answer(std::int64_t id, std::chrono::milliseconds limit = patience);
    /// Sends a frame and waits for its answer; `frame` has an `id`.
    Json ask(const boost::json::value& frame);
    /// Waits for the server's close frame or the connection's end, answers it, and passes over everything before it.
    Closed wait_for_close(std::chrono::milliseconds limit = patience);
    /// Whether no text frame comes for this long.
    bool stays_quiet(std::chrono::milliseconds limit);

    Connection& connection() noexcept { return connection_; }

private:
    Connection connection_;
    Options options_;
    Answer handshake_;
    std::optional<Closed> closed_;
};

}  // namespace parley::testing
