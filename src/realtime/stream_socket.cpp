// SPDX-License-Identifier: Apache-2.0
#include "realtime/stream_socket.hpp"

#include "realtime/event_record.hpp"

namespace parley::realtime {
namespace {

/// Reads before others of the shard get their turn.
constexpr int reads_per_turn = 4;
/// How long the client may take to close after we did.
constexpr std::chrono::seconds closing_time{3};

}  // namespace

void StreamSocket::Clock::expired() {
    const auto keep = stream_.shared_from_this();
    (stream_.*what_)();
}

StreamSocket::StreamSocket(net::Shard& shard, const websocket::SessionSettings& settings, Framing framing)
    : shard_(shard),
      settings_(settings),
      framing_(framing) {}

StreamSocket::~StreamSocket() = default;

void StreamSocket::start(net::Socket socket) {
    socket_.emplace(std::move(socket));
    if (state_ == State::gone) return socket_->close(net::Socket::How::reset);
    // A WebSocket's peer that vanished is known by its missing pong, this one's by its system's silence.
    socket_->give_up_after(settings_.ping_interval + settings_.pong_timeout);
    socket_->wait_readable(shared_from_this());
    shard_.arm(heartbeat_clock_, is_open() ? settings_.ping_interval : closing_time);
    queue();
    if (is_open()) on_started();
}

void StreamSocket::readable() {
    for (int i = 0; i < reads_per_turn && state_ != State::gone; ++i) {
        const auto status = socket_->read(shard_.scratch()).status;
        if (status == net::Socket::Status::closed) return gone(net::Socket::How::gracefully);
        if (status == net::Socket::Status::would_block) break;
    }
    if (state_ != State::gone) socket_->wait_readable(shared_from_this());
}

void StreamSocket::send(websocket::FramePtr chunk) {
    if (!is_open()) return;
    if (outbox_.bytes() + chunk->bytes().size() > settings_.outbox_bytes) return too_slow();
    push(std::move(chunk));
}

void StreamSocket::send_droppable(websocket::FramePtr chunk) {
    if (is_open() && outbox_.bytes() <= settings_.outbox_bytes / 4) push(std::move(chunk));
}

void StreamSocket::push(websocket::FramePtr chunk) {
    if (framing_ == Framing::chunked) outbox_.push(std::move(chunk));
    else if (const auto text = text_of(*chunk); !text.empty()) outbox_.push(websocket::prepare_bytes(std::string{text}));
    queue();
}

void StreamSocket::queue() {
    if (queued_ || !socket_) return;
    queued_ = shared_from_this();
    shard_.at_end_of_turn(*this);
}

void StreamSocket::run() {
    const auto keep = std::exchange(queued_, nullptr);
    if (!waiting_writable_ && state_ != State::gone) flush();
}

void StreamSocket::writable() {
    waiting_writable_ = false;
    stall_clock_.cancel();
    if (state_ != State::gone) flush();
}

void StreamSocket::flush() {
    const auto status = outbox_.flush(*socket_);
    if (status == net::Socket::Status::closed) return gone(net::Socket::How::reset);
    if (status == net::Socket::Status::would_block) {
        waiting_writable_ = true;
        shard_.arm(stall_clock_, settings_.write_deadline);
        return socket_->wait_writable(shared_from_this());
    }
    if (state_ == State::ending) return socket_->shutdown_send();
    on_drained();
}

void StreamSocket::heartbeat() {
    if (state_ == State::ending) return gone(net::Socket::How::reset);
    shard_.arm(heartbeat_clock_, settings_.ping_interval);
    send(chunk_of(comment_record));
}

/// Somebody who does not read gets nothing more but the end, if there is room for it.
void StreamSocket::too_slow() {
    outbox_.drop_unsent();
    end();
}

void StreamSocket::write_stalled() {
    if (state_ == State::open) return too_slow();
    gone(net::Socket::How::reset);
}

void StreamSocket::end() {
    if (!is_open()) return;
    state_ = State::ending;
    push(last_chunk());
    if (socket_) shard_.arm(heartbeat_clock_, closing_time);
}

void StreamSocket::gone(net::Socket::How how) {
    if (state_ == State::gone) return;
    const auto keep = shared_from_this();
    state_ = State::gone;
    heartbeat_clock_.cancel();
    stall_clock_.cancel();
    if (socket_) socket_->close(how);
    on_gone();
}

}  // namespace parley::realtime
