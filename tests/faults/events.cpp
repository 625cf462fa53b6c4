// SPDX-License-Identifier: Apache-2.0
#include "faults/events.hpp"

#include <stdexcept>

namespace parley::faults {
namespace {

using testing::Json;

std::int64_t integer_or_none(const Json& value) { return value.present() && !value.is_null() ? value.integer() : 0; }
std::string string_or_none(const Json& value) { return value.present() && !value.is_null() ? value.string() : std::string{}; }

}  // namespace

Entry entry_of(const Json& event) {
    const auto data = event["data"], message = data["message"];
    Entry entry{.seq = event["seq"].integer(), .event = event["event"].string(), .identity = identity_of(event)};
    entry.actor = integer_or_none(event["actor_id"]);
    entry.message_seq = integer_or_none(message.present() ? message["seq"] : data["message_seq"]);
    entry.user = integer_or_none(data["user_id"]);
    entry.detail = string_or_none(data.has("emoji") ? data["emoji"] : data["role"]);
    entry.key = entry.event == "message.created" ? string_or_none(message["client_id"]) : std::string{};
    return entry;
}

std::string identity_of(const Json& event) {
    const auto message = event["data"]["message"];
    auto identity = event["event"].text() + ' ' + event["at"].text() + ' ' + event["actor_id"].text();
    if (!message.present()) return identity + ' ' + event["data"].text();
    for (const auto* name : {"seq", "sender_id", "client_id", "reply_to_seq", "created_at"}) identity += ' ' + message[name].text();
    return identity;
}

std::optional<std::string> next_text(testing::SocketClient& socket, std::chrono::milliseconds limit) {
    const auto end = testing::moment() + limit;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - testing::moment());
        const auto frame = left.count() > 0 ? socket.next_frame(left) : std::nullopt;
        if (!frame) return std::nullopt;
        if (frame->opcode == websocket::Opcode::close) throw std::runtime_error("the socket was closed");
        if (frame->opcode == websocket::Opcode::text) return frame->payload;
    }
}

}  // namespace parley::faults
