// SPDX-License-Identifier: Apache-2.0
#include "core/errors.hpp"
#include "http/connection.hpp"
#include "http/errors.hpp"

#include <algorithm>

/// The parts of a connection that read a body for its handler and send a file for its answer.
namespace parley::http {
namespace {

constexpr std::uint64_t slowest_bytes_per_second = 1024;
/// What one call of sendfile is asked for: enough to be cheap, little enough for the next connection's turn on the pool.
constexpr std::int64_t file_slice_bytes = 1024 * 1024;

}  // namespace

std::optional<Result<std::string_view>> Connection::try_read() {
    if (ready_piece_) return std::exchange(ready_piece_, std::nullopt);
    if (state_ == State::closed) return fail(errors::body_cut_short);
    say_continue();
    for (;;) {
        if (body_.finished()) return std::string_view{};
        if (in_at_ == in_.size()) {
            if (!read_more()) return state_ == State::closed ? std::optional<Result<std::string_view>>{fail(errors::body_cut_short)} : std::nullopt;
        }
        auto step = body_.feed(std::string_view{in_}.substr(in_at_));
        if (!step) return std::unexpected(std::move(step).error());
        in_at_ += step->consumed;
        body_bytes_ += step->consumed;
        body_progress();
        if (!step->data.empty()) return step->data;
    }
}

void Connection::wait_for_body(std::coroutine_handle<> waiting) {
    body_waiting_ = waiting;
    if (!armed()) body_progress();
    if (!std::exchange(waiting_readable_, true)) socket_.wait_readable(shared_from_this());
}

void Connection::resume_body_reader(std::optional<Result<std::string_view>> piece) {
    ready_piece_ = std::move(piece);
    cancel();
    std::exchange(body_waiting_, {}).resume();
}

/// RFC 9110 section 10.1.1: told once, when the body is really wanted, and not at all if it is coming anyway.
void Connection::say_continue() {
    if (!std::exchange(continue_wanted_, false) || in_at_ < in_.size()) return;
    static constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
    const iovec part{const_cast<char*>(line.data()), line.size()};
    socket_.write({&part, 1});  // a socket that takes nothing yet is broken, and the next read finds out
}

/// Some of the body has come: the next stall may take as long again, but not if all of it has been too slow.
void Connection::body_progress() {
    const auto elapsed = socket_.shard().clock().steady() - body_began_;
    const auto grace = server_.limits_.body_timeout;
    const bool too_slow =
        elapsed > grace && body_bytes_ < slowest_bytes_per_second *
                                             static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(elapsed - grace).count());
    socket_.shard().arm(*this, too_slow ? std::chrono::milliseconds{1} : grace);
}

Task<void> Connection::send_file(std::shared_ptr<Connection> self) {
    auto& file = out_.file();
    while (file.count > 0 && state_ == State::sending) {
        file_in_flight_ = true;
        const auto transfer = co_await server_.disk_.run([&]() -> Result<net::Socket::Transfer> {
            return socket_.send_file(file.descriptor, file.offset, static_cast<std::size_t>(std::min(file.count, file_slice_bytes)));
        });
        file_in_flight_ = false;
        if (state_ != State::sending) co_return socket_.close();
        if (!transfer || transfer->status == net::Socket::Status::closed) co_return close(net::Socket::How::reset);
        file.count -= static_cast<std::int64_t>(transfer->bytes);
        if (transfer->status == net::Socket::Status::would_block) {
            socket_.shard().arm(*this, server_.limits_.body_timeout);
            socket_.wait_writable(self);  // writable() begins the next round
            co_return;
        }
    }
    if (state_ != State::sending) co_return;
    sent();
    pump();
}

}  // namespace parley::http
