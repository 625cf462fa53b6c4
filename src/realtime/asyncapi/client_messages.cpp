// SPDX-License-Identifier: Apache-2.0
#include "realtime/asyncapi/messages.hpp"

#include "core/json/write.hpp"
#include "realtime/frames.hpp"

namespace parley::realtime::asyncapi {
namespace {

using json::SchemaSet;

/// A client's frame: its type, an id, and what the type asks for, nothing else (api.md section 6).
template <class Frame>
MessageDoc frame(SchemaSet& schemas, std::string type, std::string_view sentence, std::vector<std::string_view> answers) {
    const auto envelope = R"("type":{"type":"string","const":)" + json::to_json(type) + R"(},"id":{"$ref":"#/components/schemas/FrameId"})";
    auto payload = schemas.object_behind<Frame>(SchemaSet::Use::request, envelope, R"("type")");
    return {type, type, sentence, std::move(payload), std::move(answers)};
}

}  // namespace

std::vector<MessageDoc> client_messages(SchemaSet& schemas) {
    return {
        frame<AuthFrame>(schemas, "auth",
                         "Signs in, as the first frame within 10 s; later it renews the sign-in of the same user. A token or a ticket.",
                         {"hello", "ok.resumed", "ok", "error"}),
        frame<SendFrame>(schemas, "message.send", "Sends a message. The answer comes when it is on stable storage.", {"ok.sent", "error"}),
        frame<EditFrame>(schemas, "message.edit", "Gives one's own message another text.", {"ok.changed", "error"}),
        frame<PositionFrame>(schemas, "message.delete", "Deletes a message for good.", {"ok.changed", "error"}),
        frame<ReactionFrame>(schemas, "reaction.add", "Reacts to a message.", {"ok.changed", "error"}),
        frame<ReactionFrame>(schemas, "reaction.remove", "Takes a reaction back.", {"ok.changed", "error"}),
        frame<PositionFrame>(schemas, "read", "Moves one's read mark forward.", {"ok.read", "error"}),
        frame<TypingFrame>(
            schemas, "typing",
            "Tells the other members that one is typing. It is passed on at most once in 3 s for each conversation, and answered only if "
            "it fails.",
            {"error"}),
        frame<WatchFrame>(schemas, "presence.subscribe",
                          "Asks how people look, and to be told when that changes. It replaces the last one; an empty list ends it.",
                          {"ok.presence", "error"}),
        frame<ResumeFrame>(schemas, "resume",
                           "Asks for what was missed. Each named conversation starts again at its position; the answer follows the missed events.",
                           {"ok.resumed", "error"}),
        frame<EmptyFrame>(schemas, "ping", "Asks whether the server is there.", {"pong", "error"}),
    };
}

}  // namespace parley::realtime::asyncapi
