// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"

#include "http/errors.hpp"
#include "http/problem.hpp"

#include <algorithm>

namespace parley::http {
namespace {

/// Pipelined requests answered before other connections get their turn.
constexpr int requests_per_turn = 16;
/// Longest wait for a handler whose body has come: what it waits for has limits below this.
constexpr std::chrono::seconds longest_handling{60};
/// How long a connection that is over still reads, so that its last answer is not lost to a reset (RFC 9112 section 9.6).
constexpr std::chrono::seconds lingering_time{2};

}  // namespace

Connection::Connection(Server& server, net::Socket socket, Address peer, Listening listener)
    : server_(server),
      socket_(std::move(socket)),
      peer_(peer),
      listener_(listener),
      gate_(server.limits_.head) {}

Connection::~Connection() = default;

void Connection::start() {
    socket_.shard().arm(*this, server_.limits_.idle_timeout);
    pump();
}

void Connection::drain() {
    close_after_ = true;
    if (state_ == State::head && in_.empty()) close();
}

void Connection::close(net::Socket::How how) {
    if (state_ == State::closed) return;
    state_ = State::closed;
    cancel();
    // While a worker sends from it, closing would free the descriptor for another connection: the worker's turn ends it instead.
    if (file_in_flight_) socket_.shutdown_send();
    else socket_.close(how);
    if (body_waiting_) resume_body_reader(Result<std::string_view>{fail(errors::body_cut_short)});
    server_.forget(*this);
}

void Connection::readable() {
    waiting_readable_ = false;
    if (state_ == State::lingering) return discard();
    if (state_ == State::handling) {
        // Not waiting while it reads: should the read find the connection's end, that is told once, from here.
        if (const auto waiting = std::exchange(body_waiting_, {})) {
            auto piece = try_read();
            if (!piece) return wait_for_body(waiting);
            body_waiting_ = waiting;
            return resume_body_reader(std::move(piece));
        }
        return;
    }
    pump();
}

void Connection::writable() {
    if (state_ == State::sending && continue_sending()) pump();
}

void Connection::run() {
    const auto keep = std::exchange(resting_, nullptr);
    pump();
}

/// Goes on as long as there is something to do now. Requests that are answered without a wait come back here and not deeper into the stack.
void Connection::pump() {
    if (pumping_ || resting_ || state_ == State::closed) return;
    pumping_ = true;
    const auto keep = shared_from_this();
    for (int i = 0; step(); ++i) {
        if (i == requests_per_turn && state_ == State::head && !in_.empty()) {
            resting_ = keep;
            socket_.shard().post(*this);
            break;
        }
    }
    pumping_ = false;
}

bool Connection::step() {
    switch (state_) {
        case State::head: return read_head();
        case State::collecting: return collect();
        default: return false;
    }
}

/// Reads once into `in_`. False if there is nothing now, or the connection is gone.
bool Connection::read_more() {
    if (waiting_readable_) return false;
    const auto scratch = socket_.shard().scratch();
    const auto [status, bytes] = socket_.read(scratch);
    if (status == net::Socket::Status::closed) {
        if (state_ == State::collecting) refuse(errors::body_cut_short);
        else close();
        return false;
    }
    if (status == net::Socket::Status::would_block) {
        waiting_readable_ = true;
        socket_.wait_readable(shared_from_this());
        return false;
    }
    if (in_at_ == in_.size()) in_.clear(), in_at_ = 0;
    in_.append(scratch.data(), bytes);
    return true;
}

bool Connection::read_head() {
    if (in_at_ == in_.size() && !read_more()) return false;
    for (;;) {
        const auto head = gate_.feed(std::string_view{in_}.substr(in_at_));
        if (!head) return refuse(head.error()), false;
        if (*head != nullptr) {
            begin_call(**head);
            return true;
        }
        if (!std::exchange(head_begun_, true)) socket_.shard().arm(*this, server_.limits_.header_timeout);
        if (!read_more()) return false;
    }
}

/// Answers what has no call: the head is broken, or came too slowly. Nobody knows where a next request would begin, so the connection ends.
void Connection::refuse(const Error& error) {
    const auto id = server_.next_request_id();
    Reply reply = problem(error, id);
    reply.header("X-Request-Id", id);
    // RFC 9110 section 15.5.6: which methods are allowed depends on the target, which nobody has read.
    if (error.is(errors::method_not_allowed)) reply.header("Allow", allow_of(every_verb()));
    reply.close = true;
    server_.count(reply.status, {});
    send(std::move(reply), false);
}

void Connection::begin_call(const Head& head) {
    call_ = std::make_shared<Call>(head, socket_.shard(), peer_);
    in_at_ += head.bytes.size();
    body_.begin(call_->head());
    body_bytes_ = 0;
    body_began_ = call_->started();
    continue_wanted_ = head.expects_continue && !body_.finished();
    if (!head.keep_alive || server_.draining()) close_after_ = true;
    gate_.reset();
    head_begun_ = false;
    cancel();
    const auto call = call_;
    if (const auto admitted = server_.admit(*call, listener_); !admitted) return answer(call, server_.error_reply(*call, admitted.error()));
    if (call->route == nullptr) return answer(call, no_content());
    if (call->route->body_mode == BodyMode::streamed) return start_handler();
    if (body_.declared_length().value_or(0) > server_.body_limit(*call)) return answer(call, server_.error_reply(*call, errors::body_too_large));
    state_ = State::collecting;
}

bool Connection::collect() {
    if (body_.finished()) {
        start_handler();
        return true;
    }
    say_continue();
    if (in_at_ == in_.size() && !read_more()) {
        if (state_ == State::collecting && !armed()) body_progress();
        return false;
    }
    const auto step = body_.feed(std::string_view{in_}.substr(in_at_));
    if (!step) return answer(call_, server_.error_reply(*call_, step.error())), true;
    in_at_ += step->consumed;
    body_bytes_ += step->consumed;
    auto& body = call_->mutable_body();
    if (body.size() + step->data.size() > server_.body_limit(*call_)) return answer(call_, server_.error_reply(*call_, errors::body_too_large)), true;
    body += step->data;
    body_progress();
    return true;
}

void Connection::start_handler() {
    state_ = State::handling;
    if (call_->route->body_mode == BodyMode::collected) socket_.shard().arm(*this, longest_handling);
    call_->set_stream(*this);
    server_.tasks_of(socket_.shard()).spawn(serve(shared_from_this(), call_));
}

Task<void> Connection::serve(std::shared_ptr<Connection> self, std::shared_ptr<Call> call) {
    auto reply = co_await self->server_.answer(*call);
    self->answer(call, std::move(reply));
}

void Connection::answer(const std::shared_ptr<Call>& call, Reply reply) {
    server_.finish(*call, reply);
    if (call != call_ || state_ == State::closed) return;  // the client has been told something else already, or is gone
    cancel();
    if (!body_.finished()) reply.close = true;
    const bool head_only = call->verb() == Verb::head;
    if (reply.upgrade && !(head_only && reply.streams)) upgrade_ = std::move(reply.upgrade);
    send(std::move(reply), head_only);
    pump();
}

void Connection::send(Reply reply, bool head_only) {
    if (reply.close || server_.draining()) close_after_ = true;
    const bool http_1_0 = call_ && call_->head().minor_version == 0;
    state_ = State::sending;
    out_.begin(std::move(reply), {.head_only = head_only, .keep_alive = !close_after_, .http_1_0 = http_1_0, .date = server_.date(socket_.shard())});
    continue_sending();
}

/// Writes what the socket takes. True when the answer is out.
bool Connection::continue_sending() {
    const auto status = out_.write(socket_);
    if (status == net::Socket::Status::closed) return close(net::Socket::How::reset), false;
    if (status == net::Socket::Status::would_block) {
        socket_.shard().arm(*this, server_.limits_.body_timeout);
        socket_.wait_writable(shared_from_this());
        return false;
    }
    if (out_.has_file()) {
        server_.tasks_of(socket_.shard()).spawn(send_file(shared_from_this()));
        return false;
    }
    sent();
    return true;
}

void Connection::sent() {
    out_.clear();
    call_.reset();
    if (upgrade_) {
        auto upgrade = *std::exchange(upgrade_, std::nullopt);
        state_ = State::closed;
        cancel();
        auto rest = in_.substr(in_at_);
        server_.forget(*this);
        return upgrade(std::move(socket_), std::move(rest));
    }
    if (close_after_) return linger();
    if (in_at_ == in_.size()) std::string{}.swap(in_), in_at_ = 0;
    state_ = State::head;
    socket_.shard().arm(*this, server_.limits_.idle_timeout);
}

void Connection::linger() {
    state_ = State::lingering;
    socket_.shutdown_send();
    socket_.shard().arm(*this, lingering_time);
    discard();
}

void Connection::discard() {
    constexpr int reads_per_turn = 16;
    for (int i = 0; i < reads_per_turn; ++i) {
        const auto status = socket_.read(socket_.shard().scratch()).status;
        if (status == net::Socket::Status::closed) return close();
        if (status == net::Socket::Status::would_block) break;
    }
    if (!std::exchange(waiting_readable_, true)) socket_.wait_readable(shared_from_this());
}

void Connection::expired() {
    const auto keep = shared_from_this();
    switch (state_) {
        case State::head:
            if (in_at_ == in_.size()) return close();
            return refuse(errors::request_timeout);
        case State::collecting: return refuse(errors::request_timeout);
        case State::handling:
            if (body_waiting_) return resume_body_reader(Result<std::string_view>{fail(errors::request_timeout)});
            call_ = nullptr;  // its answer comes too late for anybody
            return refuse(errors::answer_timeout);
        case State::sending: return close(net::Socket::How::reset);
        case State::lingering: return close();
        case State::closed: return;
    }
}

}  // namespace parley::http
