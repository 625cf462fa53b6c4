// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/executor.hpp"
#include "net/socket.hpp"
#include "websocket/outbox.hpp"
#include "websocket/session.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace parley::realtime {

/// The way out of an answer that goes on: chunks that wait for one client, held to the limits of a WebSocket (websocket/session.hpp). What is sent
/// during a turn leaves with the turn's end, gathered; what is sent before the head of the answer is out waits for it. What the client sends behind
/// its request is thrown away.
class StreamSocket : public net::SocketOwner, public std::enable_shared_from_this<StreamSocket>, private Work {
public:
    /// How the client finds the end of the answer: HTTP/1.0 knows no chunks, and reads until the connection closes (RFC 9112 section 6.3).
    enum class Framing : std::uint8_t { chunked, until_close };

    StreamSocket(net::Shard& shard, const websocket::SessionSettings& settings, Framing framing);
    virtual ~StreamSocket();

    /// The head of the answer is out.
    void start(net::Socket socket);

protected:
    /// Sends a chunk. A client for which too much waits is ended: it can come back and resume.
    void send(websocket::FramePtr chunk);
    /// Sends one that may be lost: it is dropped while much waits.
    void send_droppable(websocket::FramePtr chunk);
    /// Ends the answer, and with it the connection, behind what was sent before.
    void end();
    /// Ends without a word.
    void abort() { gone(net::Socket::How::reset); }
    bool is_open() const noexcept { return state_ == State::open; }
    std::size_t waiting_bytes() const noexcept { return outbox_.bytes(); }
    net::Shard& shard() const noexcept { return shard_; }
    const websocket::SessionSettings& settings() const noexcept { return settings_; }

    virtual void on_started() = 0;
    /// The outbox is empty again.
    virtual void on_drained() = 0;
    /// The client is gone: the last call.
    virtual void on_gone() = 0;

private:
    enum class State : std::uint8_t {
        open,    // before `start`, too
        ending,  // what waits still goes out
        gone,
    };
    class Clock final : public net::Timer {
    public:
        Clock(StreamSocket& stream, void (StreamSocket::*what)()) : stream_(stream), what_(what) {}
        ~Clock() = default;

    private:
        void expired() override;
        StreamSocket& stream_;
        void (StreamSocket::*what_)();
    };

    void readable() override;
    void writable() override;
    void run() override;  // Work: the end of a turn in which something was sent
    void drop() noexcept override { queued_.reset(); }

    void push(websocket::FramePtr chunk);
    void queue();
    void flush();
    void heartbeat();
    void too_slow();
    void write_stalled();
    void gone(net::Socket::How how);

    net::Shard& shard_;
    const websocket::SessionSettings& settings_;
    const Framing framing_;
    std::optional<net::Socket> socket_;
    websocket::Outbox outbox_;
    Clock heartbeat_clock_{*this, &StreamSocket::heartbeat};
    Clock stall_clock_{*this, &StreamSocket::write_stalled};
    State state_ = State::open;
    std::shared_ptr<StreamSocket> queued_;  // this, while a flush is to come
    bool waiting_writable_ = false;
};

}  // namespace parley::realtime
