// SPDX-License-Identifier: Apache-2.0
#include "origin/group_socket.hpp"

#include "core/errors.hpp"
#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "groups/errors.hpp"
#include "origin/errors.hpp"

#include <algorithm>

namespace parley::origin {
namespace {

using websocket::CloseCode;

/// Messages a client may have unanswered before we stop reading its socket, and when we go on.
constexpr std::size_t most_pending = 64, resume_below = 32;
/// What one read of the log brings while a socket catches up: no more than the outbox holds, however long they are.
constexpr std::int64_t messages_per_read = 20;

std::string message_json(std::string_view text) {
    std::string frame;
    json::Writer{frame}.begin_object().key("message").string(text).end_object();
    return frame;
}

std::string error_json(const Error& error) {
    std::string frame;
    json::Writer writer{frame};
    writer.begin_object().key("error").begin_object();
    writer.key("code").string(error.kind().code).key("message").string(error.detail());
    writer.end_object().end_object();
    return frame;
}

/// The text of `{"message": "…"}`; other members are passed over. Error: bad_frame.
Result<std::string> read_message(std::string_view frame) {
    json::Document document;
    if (!document.parse(frame) || document.root().kind() != json::Kind::object) return fail(errors::bad_frame);
    std::optional<json::Value> message;
    for (const auto member : document.root())
        if (member.key() == "message") message = member;
    if (!message || message->kind() != json::Kind::string) return fail(errors::bad_frame);
    return std::string{message->string()};
}

}  // namespace

const websocket::FramePtr& ShownMessage::frame(ConversationId conversation, Seq seq, std::string_view text) {
    if (conversation != conversation_ || seq != seq_) {
        frame_ = websocket::prepare_text(message_json(text));
        conversation_ = conversation;
        seq_ = seq;
    }
    return frame_;
}

GroupSocket::GroupSocket(net::Socket socket, realtime::Services& services, ShownMessage& shown, Owner owner, ConversationId group, Seq seen)
    : UserSocket(std::move(socket), services),
      shown_(shown),
      group_(group),
      seen_(seen) {
    belong_to(std::move(owner));
}

GroupSocket::~GroupSocket() = default;

void GroupSocket::open(std::string rest) {
    services().tasks_of(shard()).spawn(enter(self()));
    start(std::move(rest));
}

Task<void> GroupSocket::enter(Self) {
    if (!co_await attach()) co_return;
    while (!caught_up_) {
        const auto page = co_await services().messages.history(caller(), group_, {.before = {}, .after = seen_, .around = {}}, messages_per_read);
        if (!is_open()) co_return;
        if (!page) {
            const bool is_out = page.error().is(groups::errors::not_a_member) || page.error().is(parley::errors::not_found);
            co_return close(is_out ? CloseCode::forbidden : CloseCode::internal_error, page.error().detail());
        }
        for (const auto& message : page->items) {
            if (!message.deleted_at) send_text(message_json(message.text.value_or("")));
            seen_ = message.seq;
        }
        caught_up_ = !page->has_more_after && seen_ >= last_live_;
    }
}

void GroupSocket::deliver(const realtime::Delivery& delivery) {
    using enum chat::EventKind;
    if (delivery.conversation != group_) return;
    const bool is_over = delivery.kind == conversation_deleted || (delivery.kind == member_left && delivery.subject == caller().user);
    if (is_over) return close(CloseCode::forbidden, "You are not in this group any more.");
    if (delivery.kind == message_created) show(delivery.seq, delivery.text);
}

void GroupSocket::show(Seq seq, std::string_view text) {
    if (!caught_up_) {
        last_live_ = seq;
    } else if (seq > seen_) {
        seen_ = seq;
        send(shown_.frame(group_, seq, text));
    }
}

void GroupSocket::on_message(std::string_view frame) {
    note_activity();
    auto text = read_message(frame);
    if (!text) return send_text(error_json(text.error()));
    if (++pending_ >= most_pending) pause_reading();
    services().tasks_of(shard()).spawn(post(self(), *std::move(text)));
}

Task<void> GroupSocket::post(Self, std::string text) {
    auto refused = over_the_rate();
    if (!refused) {
        chat::MessageDraft draft{.text = std::move(text), .client_id = {}, .reply_to_seq = {}, .file_ids = {}};
        auto posted = co_await services().messages.post(caller(), group_, std::move(draft));
        if (!posted) refused = std::move(posted).error();
    }
    --pending_;
    if (!is_open()) co_return;
    if (refused) send_text(error_json(*refused));
    if (pending_ < resume_below) resume_reading();
}

}  // namespace parley::origin
