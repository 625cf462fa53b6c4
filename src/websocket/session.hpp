// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/socket.hpp"
#include "websocket/decoder.hpp"
#include "websocket/outbox.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::websocket {

struct SessionSettings {
    Limits limits;
    std::chrono::milliseconds ping_interval{25'000};
    std::chrono::milliseconds pong_timeout{10'000};
    std::size_t outbox_bytes = 1024 * 1024;
    /// How long a socket may take nothing while something waits for it.
    std::chrono::milliseconds write_deadline{10'000};
    /// Whether permessage-deflate is granted to who offers it.
    bool compression = false;
};

/// An open WebSocket: reads messages, sends frames, pings, and closes as RFC 6455 section 7 asks. What is said over it, its subclass knows. It holds
/// no read buffer: bytes land in the shard's. What is sent during a turn leaves with the turn's end, gathered.
class Session : public net::SocketOwner, public std::enable_shared_from_this<Session>, private Sink, private Work {
public:
    Session(net::Socket socket, const SessionSettings& settings);
    virtual ~Session();

    /// permessage-deflate was agreed upon. Before `start`.
    void compress() noexcept;
    bool compresses() const noexcept { return compresses_; }
    /// Begins to read; `rest` came behind the handshake.
    void start(std::string rest);

    /// Sends a frame. A client for which too much waits is closed (4008): it can come back and resume.
    void send(FramePtr frame);
    /// Sends a frame that may be lost: it is dropped while much waits.
    void send_droppable(FramePtr frame);
    void send_text(std::string_view text) { send(prepare_text(text)); }

    /// Says why and ends. What was sent before still goes out, unless the client does not read.
    void close(CloseCode code, std::string_view reason);
    /// Ends without a word.
    void abort() { gone(net::Socket::How::reset); }
    bool is_open() const noexcept { return state_ == State::open; }

    /// Stops and resumes reading, for a client that asks faster than it can be answered.
    void pause_reading() noexcept { paused_ = true; }
    void resume_reading();

    /// Asks for one call of on_drained.
    void await_drain() noexcept { drain_awaited_ = true; }
    std::size_t waiting_bytes() const noexcept { return outbox_.bytes(); }
    net::Shard& shard() const noexcept { return socket_.shard(); }
    std::size_t memory_bytes() const noexcept { return sizeof *this + outbox_.memory_bytes() + decoder_.memory_bytes() - sizeof decoder_; }

protected:
    virtual void on_message(std::string_view text) = 0;
    /// The outbox is empty, after `await_drain`.
    virtual void on_drained() {}
    /// The socket is gone: the last call. It may be the one that lets the object go.
    virtual void on_gone() = 0;
    const SessionSettings& settings() const noexcept { return settings_; }

private:
    enum class State : std::uint8_t {
        open,
        closing,  // our close frame is sent or on its way; what comes is thrown away
        gone,
    };
    /// One of the session's two clocks.
    class Clock final : public net::Timer {
    public:
        Clock(Session& session, void (Session::*what)()) : session_(session), what_(what) {}
        ~Clock() = default;

    private:
        void expired() override;
        Session& session_;
        void (Session::*what_)();
    };

    void readable() override;
    void writable() override;
    void run() override;  // Work: the end of a turn in which something was sent
    void drop() noexcept override { queued_.reset(); }

    bool on_text(std::string_view message) override;
    bool on_binary(std::string_view message) override;
    bool on_ping(std::string_view payload) override;
    bool on_pong(std::string_view payload) override;
    void on_close(std::optional<std::uint16_t> code, std::string_view reason) override;

    void read_some();
    void feed(std::span<char> bytes);
    void wait_for_more();
    void push(FramePtr frame);
    void flush();
    void begin_closing(std::string_view payload);
    void heartbeat();
    void write_stalled();
    void gone(net::Socket::How how);

    // What every frame that is sent needs stands together: a fan-out goes through thousands of sessions.
    const SessionSettings& settings_;
    std::shared_ptr<Session> queued_;  // this, while a flush is to come
    Outbox outbox_;
    net::Socket socket_;
    State state_ = State::open;
    bool compresses_ = false;
    bool waiting_writable_ = false;
    bool drain_awaited_ = false;
    bool waiting_readable_ = false;
    bool paused_ = false;
    bool pong_awaited_ = false;
    Decoder decoder_;
    Clock heartbeat_clock_{*this, &Session::heartbeat};
    Clock stall_clock_{*this, &Session::write_stalled};
    std::uint8_t pings_in_window_ = 0;
    Moment ping_window_;
};

}  // namespace parley::websocket
