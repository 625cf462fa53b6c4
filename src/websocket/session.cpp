// SPDX-License-Identifier: Apache-2.0
#include "websocket/session.hpp"

namespace parley::websocket {
namespace {

/// Reads before others of the shard get their turn.
constexpr int reads_per_turn = 4;
/// How long the peer may take to close after we said so.
constexpr std::chrono::seconds closing_time{3};
/// Pings a client may send in a second (api.md section 6, 1008).
constexpr std::uint8_t most_pings = 10;

}  // namespace

void Session::Clock::expired() {
    const auto keep = session_.shared_from_this();
    (session_.*what_)();
}

Session::Session(net::Socket socket, const SessionSettings& settings) : settings_(settings), socket_(std::move(socket)), decoder_(settings.limits) {}

Session::~Session() = default;

void Session::compress() noexcept {
    compresses_ = true;
    decoder_.use_deflate();
}

void Session::start(std::string rest) {
    if (state_ == State::open) shard().arm(heartbeat_clock_, settings_.ping_interval);  // it may have been closed before it began
    if (!rest.empty()) feed(rest);
    if (state_ != State::gone) read_some();
}

void Session::readable() {
    waiting_readable_ = false;
    read_some();
}

void Session::read_some() {
    for (int i = 0; i < reads_per_turn && state_ != State::gone && !(paused_ && state_ == State::open); ++i) {
        const auto scratch = shard().scratch();
        const auto [status, bytes] = socket_.read(scratch);
        if (status == net::Socket::Status::closed) return gone(net::Socket::How::gracefully);
        if (status == net::Socket::Status::would_block) break;
        feed(scratch.first(bytes));
        if (bytes < scratch.size()) break;  // the socket is empty: the next read would only say so
    }
    wait_for_more();
}

void Session::wait_for_more() {
    const bool wanted = state_ == State::closing || (state_ == State::open && !paused_);
    if (!wanted || std::exchange(waiting_readable_, true)) return;
    socket_.wait_readable(shared_from_this());
}

void Session::feed(std::span<char> bytes) {
    if (state_ == State::gone) return;
    const auto fed = decoder_.feed(bytes, *this);
    if (!fed) close(fed.error().code, fed.error().reason);
}

void Session::resume_reading() {
    if (!std::exchange(paused_, false) || state_ != State::open) return;
    wait_for_more();
}

bool Session::on_text(std::string_view message) {
    if (state_ != State::open) return true;
    on_message(message);
    return state_ == State::open;
}

bool Session::on_binary(std::string_view) {
    close(CloseCode::unsupported_data, "Only text frames are spoken here.");
    return false;
}

bool Session::on_ping(std::string_view payload) {
    if (state_ != State::open) return true;
    const auto now = shard().clock().steady();
    if (now - ping_window_ >= std::chrono::seconds{1}) {
        ping_window_ = now;
        pings_in_window_ = 0;
    }
    if (++pings_in_window_ > most_pings) {
        close(CloseCode::policy_violation, "Too many pings.");
        return false;
    }
    send(prepare(Opcode::pong, payload));
    return state_ == State::open;
}

bool Session::on_pong(std::string_view) {
    if (std::exchange(pong_awaited_, false)) shard().arm(heartbeat_clock_, settings_.ping_interval);
    return true;
}

/// RFC 6455 section 5.5.1: a close frame is answered by one with the same code; the server then ends the connection.
void Session::on_close(std::optional<std::uint16_t> code, std::string_view) {
    if (state_ == State::closing) return gone(net::Socket::How::gracefully);
    begin_closing(code ? close_payload(static_cast<CloseCode>(*code), "") : std::string{});
}

void Session::heartbeat() {
    if (state_ == State::closing) return gone(net::Socket::How::reset);
    if (pong_awaited_) return close(CloseCode::internal_error, "No answer to a ping.");
    pong_awaited_ = true;
    shard().arm(heartbeat_clock_, settings_.pong_timeout);
    push(prepare(Opcode::ping, ""));
}

void Session::send(FramePtr frame) {
    if (state_ != State::open) return;
    if (outbox_.bytes() + frame->bytes().size() > settings_.outbox_bytes)
        return close(CloseCode::too_slow, "Too slow: resume from the last position.");
    push(std::move(frame));
}

void Session::send_droppable(FramePtr frame) {
    if (state_ == State::open && outbox_.bytes() <= settings_.outbox_bytes / 4) push(std::move(frame));
}

void Session::push(FramePtr frame) {
    outbox_.push(compresses_ ? frame->compressed() : std::move(frame));
    if (queued_) return;
    queued_ = shared_from_this();
    shard().at_end_of_turn(*this);
}

void Session::run() {
    const auto keep = std::move(queued_);
    if (!waiting_writable_ && state_ != State::gone) flush();
}

void Session::writable() {
    waiting_writable_ = false;
    stall_clock_.cancel();
    if (state_ != State::gone) flush();
}

void Session::flush() {
    const auto status = outbox_.flush(socket_);
    if (status == net::Socket::Status::closed) return gone(net::Socket::How::reset);
    if (status == net::Socket::Status::would_block) {
        waiting_writable_ = true;
        shard().arm(stall_clock_, settings_.write_deadline);
        return socket_.wait_writable(shared_from_this());
    }
    if (state_ == State::closing) return socket_.shutdown_send();
    if (std::exchange(drain_awaited_, false)) on_drained();
}

void Session::write_stalled() {
    if (state_ == State::open) return close(CloseCode::too_slow, "Too slow: resume from the last position.");
    gone(net::Socket::How::reset);
}

void Session::close(CloseCode code, std::string_view reason) {
    if (state_ != State::open) return;
    // Somebody who does not read gets nothing more but the reason, if there is room for it.
    if (code == CloseCode::too_slow) outbox_.drop_unsent();
    begin_closing(close_payload(code, reason));
}

void Session::begin_closing(std::string_view payload) {
    state_ = State::closing;
    push(prepare(Opcode::close, payload));
    shard().arm(heartbeat_clock_, closing_time);
    wait_for_more();
}

void Session::gone(net::Socket::How how) {
    if (state_ == State::gone) return;
    const auto keep = shared_from_this();
    state_ = State::gone;
    heartbeat_clock_.cancel();
    stall_clock_.cancel();
    socket_.close(how);
    on_gone();
}

}  // namespace parley::websocket
