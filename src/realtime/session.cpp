// SPDX-License-Identifier: Apache-2.0
#include "realtime/session.hpp"

#include "auth/errors.hpp"
#include "http/errors.hpp"
#include "realtime/errors.hpp"

#include <algorithm>

namespace parley::realtime {
namespace {

using websocket::CloseCode;

constexpr std::chrono::seconds time_to_sign_in{10};
/// Frames a client may have unanswered before we stop reading its socket, and when we go on.
constexpr std::size_t most_pending = 256, resume_below = 128;
/// The longest a timer is set: a far end is looked at again.
constexpr std::chrono::milliseconds longest_look{60'000};

}  // namespace

const Session::Type Session::types[] = {
    {"message.send", &Session::on_send},
    {"message.edit", &Session::on_edit},
    {"message.delete", &Session::on_delete},
    {"reaction.add", &Session::on_add_reaction},
    {"reaction.remove", &Session::on_remove_reaction},
    {"read", &Session::on_read},
    {"resume", &Session::on_resume},
    {"ping", &Session::on_ping_frame},
    {"auth", &Session::on_auth},
};

Session::Session(net::Socket socket, Services& services, std::optional<Owner> owner)
    : websocket::Session(std::move(socket), services.settings),
      services_(services),
      hub_(services.hub_of(shard())),
      replay_(*this, services.chat, hub_) {
    if (!owner) return;
    caller_ = owner->caller;
    place_.emplace(std::move(owner->place));
}

Session::~Session() = default;

void Session::open(std::string rest) {
    if (caller_) {
        auth_begun_ = true;
        services_.tasks_of(shard()).spawn(enter(self()));
    } else {
        shard().arm(*this, time_to_sign_in);
    }
    start(std::move(rest));
}

void Session::on_gone() {
    cancel();
    replay_.on_gone();
    if (attached_) hub_.detach(caller_->user, *this);
    place_.reset();
    attached_ = false;
}

void Session::on_message(std::string_view text) {
    json::Document document;
    const auto parsed = document.parse(text);
    if (parsed) return dispatch(document);
    if (!auth_begun_) return close(CloseCode::not_signed_in, "Sign in first.");
    answers_.finish_now(error_frame({}, errors::bad_frame));
}

void Session::dispatch(const json::Document& document) {
    auto envelope = read_envelope(document);
    if (!auth_begun_ && (!envelope || envelope->type != "auth")) return close(CloseCode::not_signed_in, "Sign in first.");
    if (!envelope) return answers_.finish_now(error_frame({}, envelope.error()));
    const auto type = std::ranges::find(types, envelope->type, &Type::name);
    if (type == std::end(types)) return answers_.finish_now(error_frame(envelope->id, errors::unknown_type));
    (this->*type->handler)(document, std::move(envelope->id));
    if (answers_.pending() >= most_pending) pause_reading();
}

void Session::finish(Ticket ticket, std::string text) {
    answers_.finish(ticket, std::move(text));
    if (answers_.pending() < resume_below) resume_reading();
}

/// Reads the rest of a frame and begins to work on it.
template <class Frame>
void Session::take(const json::Document& document, FrameId id, Task<void> (Session::*work)(Self, Ticket, FrameId, Frame)) {
    auto frame = read_frame<Frame>(document);
    if (!frame) return answers_.finish_now(error_frame(id, frame.error()));
    services_.tasks_of(shard()).spawn((this->*work)(self(), answers_.open(), std::move(id), *std::move(frame)));
}

void Session::on_auth(const json::Document& document, FrameId id) {
    if (std::exchange(auth_begun_, true)) return take<AuthFrame>(document, std::move(id), &Session::renew);
    auto frame = read_frame<AuthFrame>(document);
    if (!frame) return close(CloseCode::not_signed_in, frame.error().detail());
    services_.tasks_of(shard()).spawn(sign_in(self(), std::move(id), *std::move(frame)));
}

void Session::on_send(const json::Document& document, FrameId id) { take<SendFrame>(document, std::move(id), &Session::send_message); }
void Session::on_edit(const json::Document& document, FrameId id) { take<EditFrame>(document, std::move(id), &Session::edit_message); }
void Session::on_delete(const json::Document& document, FrameId id) { take<PositionFrame>(document, std::move(id), &Session::delete_message); }
void Session::on_add_reaction(const json::Document& document, FrameId id) { take<ReactionFrame>(document, std::move(id), &Session::add_reaction); }
void Session::on_remove_reaction(const json::Document& document, FrameId id) {
    take<ReactionFrame>(document, std::move(id), &Session::remove_reaction);
}
void Session::on_read(const json::Document& document, FrameId id) { take<PositionFrame>(document, std::move(id), &Session::read_up_to); }
void Session::on_resume(const json::Document& document, FrameId id) { take<ResumeFrame>(document, std::move(id), &Session::resume); }

void Session::on_ping_frame(const json::Document& document, FrameId id) {
    const auto frame = read_frame<EmptyFrame>(document);
    answers_.finish_now(frame ? pong_frame(id) : error_frame(id, frame.error()));
}

void Session::deliver(const Delivery& delivery) {
    if (state_ == State::entered && !replay_.take(delivery)) send(delivery.frame);
}

void Session::signal(const Signal& signal) {
    if (state_ == State::entered) send_droppable(signal.frame);
}

void Session::session_ended() { close(CloseCode::not_signed_in, "This session has ended."); }

void Session::send_away(std::chrono::milliseconds retry_after) { close(CloseCode::restart, "retry_after_ms=" + std::to_string(retry_after.count())); }

void Session::expired() {
    const auto keep = self();
    if (state_ == State::signing_in) return close(CloseCode::not_signed_in, "Nobody signed in.");
    if (services_.chat.clock.now() >= caller_->token_expires_at) return close(CloseCode::not_signed_in, "The access token has expired.");
    arm_token_end();
}

/// By the calendar, which may jump; so a far end is looked at from time to time.
void Session::arm_token_end() {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(caller_->token_expires_at - services_.chat.clock.now());
    shard().arm(*this, std::clamp(left, std::chrono::milliseconds{0}, longest_look));
}

}  // namespace parley::realtime
