// SPDX-License-Identifier: Apache-2.0
#include "auth/errors.hpp"
#include "http/errors.hpp"
#include "realtime/errors.hpp"
#include "realtime/session.hpp"

/// What a socket's frames do, each as a task that ends with its answer. `self` keeps the socket alive as long.
namespace parley::realtime {
namespace {

using websocket::CloseCode;

}  // namespace

Task<Result<Caller>> Session::caller_of(const AuthFrame& frame) {
    if (frame.access_token.has_value() == frame.ticket.has_value()) co_return fail(auth::errors::invalid_token);
    if (frame.access_token) co_return services().guard.check(shard(), *frame.access_token);
    co_return co_await services().sessions.redeem_ticket(*frame.ticket);
}

Task<void> Session::sign_in(Self self, FrameId id, AuthFrame frame) {
    const auto caller = co_await caller_of(frame);
    if (!is_open()) co_return;
    if (!caller) co_return close(CloseCode::not_signed_in, caller.error().detail());
    auto place = services().counts.take(caller->user);
    if (!place) co_return close(CloseCode::too_many_requests, errors::too_many_sockets.sentence);
    belong_to({*caller, *std::move(place)});
    co_await enter(self, std::move(id), std::move(frame.resume));
}

/// From hello on every event of the user's conversations comes.
Task<void> Session::enter(Self self, FrameId id, std::optional<ResumeFrame> resumed) {
    if (!co_await attach()) co_return;
    const Hello hello{.session_id = caller().session,
                      .user_id = caller().user,
                      .epoch = services().chat.epoch,
                      .server_time = services().chat.clock.now(),
                      .ping_interval_ms = settings().ping_interval.count()};
    send_text(json::to_json(hello));
    entered_ = true;
    if (resumed) services().tasks_of(shard()).spawn(resume(self, answers_.open(), std::move(id), *std::move(resumed)));
    handle_early();
}

Task<void> Session::sign_in_again(Self self, Ticket ticket, FrameId id, AuthFrame frame) {
    const auto caller = co_await caller_of(frame);
    if (!is_open()) co_return;
    if (!caller) co_return close(CloseCode::not_signed_in, caller.error().detail());
    if (has_owner() && caller->user != this->caller().user) co_return finish(ticket, error_frame(id, errors::another_user));
    renew(*caller);
    finish(ticket, ok_frame(id, "{}"));
    if (frame.resume) co_await resume(self, answers_.open(), std::move(id), *std::move(frame.resume));
}

Task<void> Session::send_message(Self, Ticket ticket, FrameId id, SendFrame frame) {
    if (const auto refused = over_the_rate()) co_return finish(ticket, error_frame(id, *refused));
    chat::MessageDraft draft{std::move(frame.text), std::move(frame.client_id), frame.reply_to_seq, std::move(frame.file_ids)};
    const auto posted = co_await services().messages.post(caller(), frame.conversation_id, std::move(draft));
    if (!posted) co_return finish(ticket, error_frame(id, posted.error()));
    finish(ticket, ok_frame(id, json::to_json(SentData{frame.conversation_id, posted->message.seq, posted->message.created_at})));
}

Task<void> Session::edit_message(Self, Ticket ticket, FrameId id, EditFrame frame) {
    const auto edited = co_await services().messages.edit(caller(), frame.conversation_id, frame.seq, std::move(frame.text));
    if (!edited) co_return finish(ticket, error_frame(id, edited.error()));
    finish(ticket, ok_frame(id, json::to_json(ChangedData{frame.conversation_id, edited->event_seq})));
}

Task<void> Session::delete_message(Self, Ticket ticket, FrameId id, PositionFrame frame) {
    const auto removed = co_await services().messages.remove(caller(), frame.conversation_id, frame.seq);
    if (!removed) co_return finish(ticket, error_frame(id, removed.error()));
    finish(ticket, ok_frame(id, json::to_json(ChangedData{frame.conversation_id, *removed})));
}

Task<void> Session::change_reaction(Ticket ticket, FrameId id, ReactionFrame frame, bool add) {
    const auto changed = co_await services().messages.react(caller(), frame.conversation_id, frame.seq, std::move(frame.emoji), add);
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
    const auto mark = co_await services().conversations.read_up_to(caller(), frame.conversation_id, frame.seq);
    if (!mark) co_return finish(ticket, error_frame(id, mark.error()));
    finish(ticket, ok_frame(id, json::to_json(*mark)));
}

/// No answer, unless it fails.
Task<void> Session::tell_typing(Self, Ticket ticket, FrameId id, TypingFrame frame) {
    const auto told = co_await services().typing.tell(hub(), caller().user, frame.conversation_id, shard().clock().steady());
    finish(ticket, told ? std::string{} : error_frame(id, told.error()));
}

Task<void> Session::watch(Self, Ticket ticket, FrameId id, WatchFrame frame) {
    const auto turn = ++watch_frames_;
    auto& watchers = services().watchers_of(shard());
    const auto known = co_await watchers.known_to(caller().user, frame.user_ids);
    if (!is_open()) co_return;
    if (!known) co_return finish(ticket, error_frame(id, known.error()));
    // One that came later may be ahead of this one: then this one tells how they look and leaves it at that.
    const auto looks =
        turn == watch_frames_ ? watchers.watch(caller().user, *this, frame.user_ids, *known) : watchers.look_at(frame.user_ids, *known);
    finish(ticket, ok_frame(id, json::to_json(PresenceData{looks})));
}

Task<void> Session::resume(Self, Ticket ticket, FrameId id, ResumeFrame frame) {
    const auto data = co_await replay_.run(caller(), frame);
    if (!data) co_return finish(ticket, error_frame(id, data.error()));
    finish(ticket, ok_frame(id, json::to_json(*data)));
}

}  // namespace parley::realtime
