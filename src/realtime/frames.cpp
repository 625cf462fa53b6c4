// SPDX-License-Identifier: Apache-2.0
#include "realtime/frames.hpp"

#include "realtime/errors.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace parley::realtime {
namespace {

constexpr std::size_t longest_id_bytes = 64;

std::optional<FrameId> frame_id(json::Value value) {
    if (value.kind() == json::Kind::integer) return FrameId{std::to_string(value.integer())};
    if (value.kind() == json::Kind::string && value.string().size() <= longest_id_bytes) return FrameId{json::to_json(value.string())};
    if (value.kind() == json::Kind::null) return FrameId{};
    return std::nullopt;
}

/// Whether trying again later may help.
bool is_temporary(const Error& error) {
    const auto error_class = error.kind().error_class;
    return error_class == ErrorClass::unavailable || error_class == ErrorClass::too_many || error_class == ErrorClass::storage_full ||
           error_class == ErrorClass::internal;
}

/// Who is told to try again is told when: as the answer of a request does (http/problem.cpp), after a second where nothing better is known.
std::optional<std::chrono::milliseconds> wait_of(const Error& error) {
    const auto error_class = error.kind().error_class;
    if (error.retry_after()) return error.retry_after();
    if (error_class == ErrorClass::unavailable || error_class == ErrorClass::too_many) return std::chrono::seconds{1};
    return std::nullopt;
}

template <json::Described T>
std::string signal_frame(std::string_view name, const T& signal) {
    std::string text = R"({"type":"signal","signal":")";
    text += name;
    text += R"(",)";
    json::append_members(text, signal);
    text += '}';
    return text;
}

}  // namespace

std::string json_schema(const Positions*) {
    return R"({"type":"object","additionalProperties":{"type":"integer","minimum":0,"maximum":9007199254740991}})";
}

std::string ok_frame(const FrameId& id, std::string_view data_json) {
    std::string text = R"({"type":"ok","id":)";
    text.reserve(text.size() + id.json.size() + data_json.size() + 16);
    text += id.json;
    text += R"(,"data":)";
    text += data_json;
    text += '}';
    return text;
}

std::string pong_frame(const FrameId& id) { return R"({"type":"pong","id":)" + id.json + '}'; }

std::string error_frame(const FrameId& id, const Error& error) {
    std::string text = R"({"type":"error","id":)" + id.json + R"(,"error":)";
    json::Writer writer{text};
    writer.begin_object();
    writer.key("code").string(error.kind().code);
    writer.key("message").string(error.detail());
    writer.key("temporary").boolean(is_temporary(error));
    if (const auto wait = wait_of(error)) writer.key("retry_after_ms").integer(wait->count());
    else writer.key("retry_after_ms").null();
    writer.end_object();
    text += '}';
    return text;
}

std::string event_frame(const chat::Event& event) {
    std::string text;
    text.reserve(event.data.text.size() + 192);
    text += R"({"type":"event",)";
    json::append_members(text, event);
    text += '}';
    return text;
}

std::string read_signal(ConversationId conversation, UserId user, Seq last_read_seq) {
    return signal_frame("read", ReadSignal{conversation, user, last_read_seq});
}

std::string typing_signal(ConversationId conversation, UserId user) { return signal_frame("typing", TypingSignal{conversation, user}); }

std::string presence_signal(const UserPresence& presence) { return signal_frame("presence", presence); }

Result<Envelope> read_envelope(const json::Document& document) {
    const auto root = document.root();
    if (root.kind() != json::Kind::object) return fail(errors::bad_frame);
    Envelope envelope;
    bool has_type = false, has_id = false;
    for (const auto member : root) {
        if (member.key() == "type") {
            if (std::exchange(has_type, true) || member.kind() != json::Kind::string) return fail(errors::bad_frame);
            envelope.type = member.string();
        } else if (member.key() == "id") {
            auto id = frame_id(member);
            if (std::exchange(has_id, true) || !id) return fail(errors::bad_frame);
            envelope.id = *std::move(id);
        }
    }
    if (!has_type) return fail(errors::bad_frame);
    return envelope;
}

void read_json(json::Reader& reader, json::Value value, Positions& out) {
    if (value.kind() != json::Kind::object) return reader.note(json::errors::wrong_type, "An object of positions by conversation id is expected.");
    for (const auto member : value) {
        const auto key = member.key();
        ConversationId conversation;
        const auto [end, code] = std::from_chars(key.data(), key.data() + key.size(), conversation.value);
        const bool is_id =
            code == std::errc{} && end == key.data() + key.size() && conversation.value > 0 && conversation.value <= max_id && key.front() != '0';
        const bool is_seq = member.kind() == json::Kind::integer && member.integer() >= 0 && member.integer() <= max_id;
        if (!is_id || !is_seq) return reader.note(json::errors::wrong_type, "Positions are seqs by conversation id.");
        out.by_conversation.emplace_back(conversation, member.integer());
    }
    auto conversations = out.by_conversation;
    std::ranges::sort(conversations);
    const auto twice = std::ranges::adjacent_find(conversations, {}, [](const auto& position) { return position.first; });
    if (twice != conversations.end()) reader.note(json::errors::duplicate_field);
}

}  // namespace parley::realtime
