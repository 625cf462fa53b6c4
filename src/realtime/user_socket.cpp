// SPDX-License-Identifier: Apache-2.0
#include "realtime/user_socket.hpp"

#include "http/errors.hpp"
#include "realtime/token_end.hpp"

#include <string>

namespace parley::realtime {
namespace {

using websocket::CloseCode;

/// A client that goes on sending although it is told to wait is closed (4009).
constexpr int most_refusals = 100;

}  // namespace

UserSocket::UserSocket(net::Socket socket, Services& services)
    : websocket::Session(std::move(socket), services.settings),
      services_(services),
      hub_(services.hub_of(shard())) {}

UserSocket::~UserSocket() = default;

void UserSocket::wait_for_owner(std::chrono::milliseconds longest) {
    shard().arm(*this, longest);
    hub_.add_stranger(*this);
}

void UserSocket::belong_to(Owner owner) {
    caller_ = owner.caller;
    place_.emplace(std::move(owner.place));
}

Task<bool> UserSocket::attach() {
    cancel();
    hub_.remove_stranger(*this);
    attached_ = true;
    const auto attached = co_await hub_.attach(caller_->user, *this);
    if (!is_open()) co_return false;
    if (!attached) {
        close(CloseCode::internal_error, attached.error().detail());
        co_return false;
    }
    // The session may have ended while the conversations were read, before the hub knew the socket.
    if (!services_.guard.is_live(shard(), caller_->session)) {
        session_ended();
        co_return false;
    }
    arm_token_end();
    co_return true;
}

void UserSocket::renew(const Caller& caller) {
    caller_ = caller;
    if (armed()) arm_token_end();
}

void UserSocket::on_gone() {
    cancel();
    hub_.remove_stranger(*this);
    if (attached_) hub_.detach(caller_->user, *this);
    place_.reset();
    attached_ = false;
}

void UserSocket::session_ended() { close(CloseCode::not_signed_in, "This session has ended."); }

void UserSocket::send_away(std::chrono::milliseconds retry_after) {
    close(CloseCode::restart, "retry_after_ms=" + std::to_string(retry_after.count()));
}

void UserSocket::expired() {
    const auto keep = shared_from_this();
    if (!caller_) return close(CloseCode::not_signed_in, "Nobody signed in.");
    if (!next_look_at_token(*caller_, services_.chat.clock.now())) return close(CloseCode::not_signed_in, "The access token has expired.");
    arm_token_end();
}

void UserSocket::arm_token_end() {
    shard().arm(*this, next_look_at_token(*caller_, services_.chat.clock.now()).value_or(std::chrono::milliseconds{0}));
}

void UserSocket::note_activity() {
    const auto now = shard().clock().steady();
    if (!attached_ || now < activity_noted_ + services_.presence.times().frames_noted_every) return;
    activity_noted_ = now;
    services_.presence.active(caller_->user);
}

std::optional<Error> UserSocket::over_the_rate() {
    if (services_.send_limit == nullptr) return std::nullopt;
    const auto verdict = services_.send_limit->take(std::to_string(caller_->user.value), shard().clock().steady());
    if (verdict.allowed) {
        refused_in_a_row_ = 0;
        return std::nullopt;
    }
    if (++refused_in_a_row_ > most_refusals) close(CloseCode::too_many_requests, "Too many messages.");
    return Error{http::errors::rate_limited}.with_retry_after(verdict.wait);
}

}  // namespace parley::realtime
