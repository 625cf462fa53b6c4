// SPDX-License-Identifier: Apache-2.0
#include "chat/event_docs.hpp"
#include "core/json/write.hpp"
#include "realtime/asyncapi/messages.hpp"
#include "realtime/frames.hpp"

#include <fmt/format.h>

namespace parley::realtime::asyncapi {
namespace {

using json::SchemaSet;

constexpr std::string_view id_member = R"("id":{"$ref":"#/components/schemas/FrameId"})";

/// A frame of the server with these members behind its type. A client leaves alone what it does not know: members may be added.
std::string object(std::string_view type, std::string_view members, std::string_view required) {
    return fmt::format(R"({{"type":"object","properties":{{"type":{{"type":"string","const":"{}"}}{}{}}},"required":["type"{}{}]}})", type,
                       members.empty() ? "" : ",", members, required.empty() ? "" : ",", required);
}

template <class Data>
MessageDoc ok(SchemaSet& schemas, std::string name, std::string_view sentence) {
    const auto members = fmt::format(R"({},"data":{})", id_member, schemas.schema_of<Data>(SchemaSet::Use::answer));
    return {std::move(name), "ok", sentence, object("ok", members, R"("id","data")"), {}};
}

MessageDoc plain_ok() {
    const auto members = fmt::format(R"({},"data":{{"type":"object"}})", id_member);
    return {"ok", "ok", "Done; there is nothing more to tell.", object("ok", members, R"("id","data")"), {}};
}

MessageDoc hello(SchemaSet& schemas) {
    auto payload = fmt::format(R"({{"allOf":[{},{{"type":"object","properties":{{"type":{{"const":"hello"}}}}}}]}})",
                               schemas.schema_of<Hello>(SchemaSet::Use::answer));
    return {"hello", "hello", "The socket is signed in: from here on every event of the user's conversations comes.", std::move(payload), {}};
}

/// The members of an event are those of chat::Event, with its name and its data known.
MessageDoc event(SchemaSet& schemas, const chat::EventDoc& doc) {
    const auto name = chat::event_name(doc.kind);
    auto payload = fmt::format(
        R"({{"allOf":[{},{}]}})",
        object("event", fmt::format(R"("event":{{"type":"string","const":"{}"}},"data":{})", name, doc.data(schemas)), R"("event","data")"),
        schemas.schema_of<chat::Event>(SchemaSet::Use::answer));
    return {fmt::format("event.{}", name), std::string{name}, doc.sentence, std::move(payload), {}};
}

template <class Data>
MessageDoc signal(SchemaSet& schemas, std::string_view name, std::string_view sentence) {
    auto payload = schemas.object_behind<Data>(
        SchemaSet::Use::answer, fmt::format(R"("type":{{"type":"string","const":"signal"}},"signal":{{"type":"string","const":"{}"}})", name),
        R"("type","signal")");
    return {fmt::format("signal.{}", name), std::string{name}, sentence, std::move(payload), {}};
}

}  // namespace

std::vector<MessageDoc> server_messages(SchemaSet& schemas) {
    std::vector<MessageDoc> messages{
        hello(schemas),
        plain_ok(),
        ok<SentData>(schemas, "ok.sent", "The message is on stable storage; the same again for a client_id that was sent before."),
        ok<ChangedData>(schemas, "ok.changed", "The change is on stable storage, as the event with this seq."),
        ok<chat::ReadMark>(schemas, "ok.read", "How far one has read now."),
        ok<ResumedData>(schemas, "ok.resumed", "The missed events were sent, but for the conversations in `truncated`."),
        ok<PresenceData>(schemas, "ok.presence", "How those asked for look now; `presence` signals tell of changes."),
        {"pong", "pong", "The server is there.", object("pong", id_member, R"("id")"), {}},
        {"error",
         "error",
         "A frame that failed; the socket stays open. `id` is null where the frame's own could not be read.",
         object("error", fmt::format(R"({},"error":{{"$ref":"#/components/schemas/FrameError"}})", id_member), R"("id","error")"),
         {}}};
    for (const auto& doc : chat::event_docs()) messages.push_back(event(schemas, doc));
    messages.push_back(signal<ReadSignal>(schemas, "read", "Somebody has read on: a member, or oneself on another device. Not stored."));
    messages.push_back(
        signal<TypingSignal>(schemas, "typing", "Another member is typing. It holds for some seconds; nothing says that it ended. Not stored."));
    messages.push_back(signal<UserPresence>(schemas, "presence", "Somebody asked for by presence.subscribe looks different now. Not stored."));
    return messages;
}

std::vector<NamedSchema> shared_schemas() {
    return {
        {"FrameId", R"({"description":"What the client calls its frame: an integer, or a text of at most 64 bytes. The answer has it again.",)"
                    R"("type":["integer","string","null"],"maxLength":64})"},
        {"FrameError",
         R"({"type":"object","properties":{"code":{"type":"string","description":"What went wrong, for programs; the codes are those of openapi.json."},)"
         R"("message":{"type":"string","description":"A sentence for people; it may change."},)"
         R"("temporary":{"type":"boolean","description":"Whether the same frame may succeed later."},)"
         R"("retry_after_ms":{"type":["integer","null"],"minimum":0,"description":"Milliseconds after which it is worth trying again."}},)"
         R"("required":["code","message","temporary","retry_after_ms"]})"}};
}

}  // namespace parley::realtime::asyncapi
