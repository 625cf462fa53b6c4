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

}  // namespace

const Session::Type Session::types[] = {
    {"message.send", &Session::on_send},
    {"message.edit", &Session::on_edit},
    {"message.delete", &Session::on_delete},
    {"reaction.add", &Session::on_add_reaction},
    {"reaction.remove", &Session::on_remove_reaction},
    {"read", &Session::on_read},
    {"typing", &Session::on_typing},
    {"presence.subscribe", &Session::on_watch},
    {"resume", &Session::on_resume},
    {"ping", &Session::on_ping_frame},
    {"auth", &Session::on_auth},
};

std::vector<std::string_view> Session::frame_types() {
    std::vector<std::string_view> names;
    for (const auto& type : types) names.push_back(type.name);
    return names;
}

Session::Session(net::Socket socket, Services& services, std::optional<Owner> owner)
    : UserSocket(std::move(socket), services),
      replay_(*this, services.chat, hub()) {
    if (owner) belong_to(*std::move(owner));
}

Session::~Session() = default;

void Session::open(std::string rest) {
    if (has_owner()) {
        auth_begun_ = true;
        services().tasks_of(shard()).spawn(enter(self(), {}, {}));
    } else {
        wait_for_owner(time_to_sign_in);
    }
    start(std::move(rest));
}

void Session::on_gone() {
    replay_.on_gone();
    services().watchers_of(shard()).forget(*this);
    UserSocket::on_gone();
}

void Session::on_message(std::string_view text) {
    // Whose frame it is, is known with hello; nothing is answered before.
    if (auth_begun_ && !entered_) {
        early_.emplace_back(text);
        return pause_reading();
    }
    handle(text);
}

void Session::handle_early() {
    for (const auto& text : std::exchange(early_, {})) {
        if (is_open()) handle(text);
    }
    if (answers_.pending() < resume_below) resume_reading();
}

void Session::handle(std::string_view text) {
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
    shard().at(type->name);
    if (type->handler != &Session::on_ping_frame) note_activity();
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
    services().tasks_of(shard()).spawn((this->*work)(self(), answers_.open(), std::move(id), *std::move(frame)));
}

void Session::on_auth(const json::Document& document, FrameId id) {
    if (std::exchange(auth_begun_, true)) return take<AuthFrame>(document, std::move(id), &Session::sign_in_again);
    auto frame = read_frame<AuthFrame>(document);
    if (!frame) return close(CloseCode::not_signed_in, frame.error().detail());
    services().tasks_of(shard()).spawn(sign_in(self(), std::move(id), *std::move(frame)));
}

void Session::on_send(const json::Document& document, FrameId id) { take<SendFrame>(document, std::move(id), &Session::send_message); }
void Session::on_edit(const json::Document& document, FrameId id) { take<EditFrame>(document, std::move(id), &Session::edit_message); }
void Session::on_delete(const json::Document& document, FrameId id) { take<PositionFrame>(document, std::move(id), &Session::delete_message); }
void Session::on_add_reaction(const json::Document& document, FrameId id) { take<ReactionFrame>(document, std::move(id), &Session::add_reaction); }
void Session::on_remove_reaction(const json::Document& document, FrameId id) {
    take<ReactionFrame>(document, std::move(id), &Session::remove_reaction);
}
void Session::on_read(const json::Document& document, FrameId id) { take<PositionFrame>(document, std::move(id), &Session::read_up_to); }
void Session::on_typing(const json::Document& document, FrameId id) { take<TypingFrame>(document, std::move(id), &Session::tell_typing); }
void Session::on_watch(const json::Document& document, FrameId id) { take<WatchFrame>(document, std::move(id), &Session::watch); }
void Session::on_resume(const json::Document& document, FrameId id) { take<ResumeFrame>(document, std::move(id), &Session::resume); }

void Session::on_ping_frame(const json::Document& document, FrameId id) {
    const auto frame = read_frame<EmptyFrame>(document);
    answers_.finish_now(frame ? pong_frame(id) : error_frame(id, frame.error()));
}

void Session::deliver(const Delivery& delivery) {
    if (entered_ && !replay_.take(delivery)) send(delivery.frame);
}

void Session::deliver_run(std::span<const Delivery> run) {
    if (!entered_) return;
    if (!replay_.idle() || compresses()) return Receiver::deliver_run(run);
    send(run.front().run.frames);
}

void Session::signal(const Signal& signal) {
    if (entered_) send_droppable(signal.frame);
}

}  // namespace parley::realtime
