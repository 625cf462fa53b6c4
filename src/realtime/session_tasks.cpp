// SPDX-License-Identifier: Apache-2.0
#include "auth/errors.hpp"
#include "http/errors.hpp"
#include "realtime/errors.hpp"
#include "realtime/session.hpp"

/// What a socket's frames do, each as a task that ends with its answer. `self` keeps the socket alive as long.
namespace parley::realtime {

namespace {

using websocket::CloseCode;

/// A client that goes on sending although it is told to wait is closed (4009).
constexpr int most_refusals = 100;

}  // namespace

Task<Result<Caller>> Session::caller_of(const AuthFrame& frame) {
    if (frame.access_token.has_value() == frame.ticket.has_value()) co_return fail(auth::errors::invalid_token);
    if (frame.access_token) co_return services_.guard.check(shard(), *frame.access_token);
    co_return co_await services_.sessions.redeem_ticket(*frame.ticket);
}

Task<void> Session::sign_in(Self self, FrameId id, AuthFrame frame) {
    const auto caller = co_await caller_of(frame);
    if (!is_open()) co_return;
    if (!caller) co_return close(CloseCode::not_signed_in, caller.error().detail());
    auto place = services_.counts.take(caller->user);
    if (!place) co_return close(CloseCode::too_many_requests, errors::too_many_sockets.sentence);
    place_.emplace(*std::move(place));
    caller_ = *caller;
    co_await enter(self);
    if (state_ == State::entered && frame.resume) co_await resume(self, answers_.open(), std::move(id), *std::move(frame.resume));
}

/// From hello on every event of the user's conversations comes.
Task<void> Session::enter(Self) {
    cancel();
    state_ = State::entering;
    attached_ = true;
    const auto attached = co_await hub_.attach(caller_->user, *this);
    if (!is_open()) co_return;
    if (!attached) co_return close(CloseCode::internal_error, attached.error().detail());
    // The session may have ended while the conversations were read, before the hub knew the socket.
    if (!services_.guard.is_live(shard(), caller_->session)) co_return session_ended();
    const Hello hello{.session_id = caller_->session,
                      .user_id = caller_->user,
                      .epoch = services_.chat.epoch,
                      .server_time = services_.chat.clock.now(),
                      .ping_interval_ms = settings().ping_interval.count()};
    send_text(json::to_json(hello));
    state_ = State::entered;
    arm_token_end();
}

Task<void> Session::renew(Self self, Ticket ticket, FrameId id, AuthFrame frame) {
    const auto caller = co_await caller_of(frame);
    if (!is_open()) co_return;
    if (!caller) co_return close(CloseCode::not_signed_in, caller.error().detail());
    if (caller_ && caller->user != caller_->user) co_return finish(ticket, error_frame(id, errors::another_user));
    caller_ = *caller;
    if (state_ == State::entered) arm_token_end();
    finish(ticket, ok_frame(id, "{}"));
    if (frame.resume) co_await resume(self, answers_.open(), std::move(id), *std::move(frame.resume));
}

std::optional<Error> Session::over_the_rate() {
    if (services_.send_limit == nullptr) return std::nullopt;
    const auto verdict = services_.send_limit->take(std::to_string(caller_->user.value), shard().clock().steady());
    if (verdict.allowed) {
        refused_in_a_row_ = 0;
        return std::nullopt;
    }
    if (++refused_in_a_row_ > most_refusals) close(CloseCode::too_many_requests, "Too many messages.");
    return Error{http::errors::rate_limited}.with_retry_after(verdict.wait);
}

Task<void> Session::send_message(Self, Ticket ticket, FrameId id, SendFrame frame) {
    if (const auto refused = over_the_rate()) co_return finish(ticket, error_frame(id, *refused));
    chat::MessageDraft draft{std::move(frame.text), std::move(frame.client_id), frame.reply_to_seq, std::move(frame.file_ids)};
    const auto posted = co_await services_.messages.post(*caller_, frame.conversation_id, std::move(draft));
    if (!posted) co_return finish(ticket, error_frame(id, posted.error()));
    finish(ticket, ok_frame(id, json::to_json(SentData{frame.conversation_id, posted->message.seq, posted->message.created_at})));
}

Task<void> Session::edit_message(Self, Ticket ticket, FrameId id, EditFrame frame) {
    const auto edited = co_await services_.messages.edit(*caller_, frame.conversation_id, frame.seq, std::move(frame.text));
    if (!edited) co_return finish(ticket, error_frame(id, edited.error()));
    finish(ticket, ok_frame(id, json::to_json(ChangedData{frame.conversation_id, edited->event_seq})));
}

Task<void> Session::delete_message(Self, Ticket ticket, FrameId id, PositionFrame frame) {
    const auto removed = co_await services_.messages.remove(*caller_, frame.conversation_id, frame.seq);
    if (!removed) co_return finish(ticket, error_frame(id, removed.error()));
    finish(ticket, ok_frame(id, json::to_json(ChangedData{frame.conversation_id, *removed})));
}

Task<void> Session::change_reaction(Ticket ticket, FrameId id, ReactionFrame frame, bool add) {
    const auto changed = co_await services_.messages.react(*caller_, frame.conversation_id, frame.seq, std::move(frame.emoji), add);
    if (!changed) co_return finish(ticket, error_frame(id, changed.error()));
    finish(ticket, ok_frame(id, json::to_json(ChangedData{frame.conversation_id, *changed})));
}

Task<void> Session::add_reaction(Self, Ticket ticket, FrameId id, ReactionFrame frame) {
    co_await change_reaction(ticket, std::move(id), std::move(frame), true);
}
Task<void> Session::remove_reaction(Self, Ticket ticket, FrameId id, ReactionFrame frame) {
    co_await change_reaction(ticket, std::move(id), std::move(frame), false);
}

Task<void> Session::read_up_to(Self, Ticket ticket, FrameId id, PositionFrame frame) {
    const auto mark = co_await services_.conversations.read_up_to(*caller_, frame.conversation_id, frame.seq);
    if (!mark) co_return finish(ticket, error_frame(id, mark.error()));
    finish(ticket, ok_frame(id, json::to_json(*mark)));
}

Task<void> Session::resume(Self, Ticket ticket, FrameId id, ResumeFrame frame) {
    const auto data = co_await replay_.run(*caller_, frame);
    if (!data) co_return finish(ticket, error_frame(id, data.error()));
    finish(ticket, ok_frame(id, json::to_json(*data)));
}

}  // namespace parley::realtime
