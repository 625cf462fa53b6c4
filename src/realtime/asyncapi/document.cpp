// SPDX-License-Identifier: Apache-2.0
#include "realtime/asyncapi/document.hpp"

#include "core/json/writer.hpp"
#include "realtime/asyncapi/messages.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <span>

namespace parley::realtime::asyncapi {
namespace {

constexpr std::string_view description =
    "One JSON object in each text frame, over a WebSocket with the subprotocol `parley.v1`.\n\n"
    "Sign in by the `Authorization` header of the upgrade, or by a first `auth` frame within 10 s. Then `hello` comes, and every event of every "
    "conversation the user is in: there is nothing to subscribe to. Within one connection each conversation's events are strictly consecutive, and "
    "frames are handled in the order in which they came. A frame with a field that is not known here is refused; a client leaves alone what it does "
    "not know.\n\n"
    "The server pings, and closes the socket if no pong comes. A socket ends with the access token it was opened with, unless an `auth` frame "
    "renews that.";

struct CloseDoc {
    int code;
    std::string_view sentence;
};
/// Why the server closes a socket (api.md section 6, websocket/frame.hpp).
constexpr CloseDoc closes[] = {
    {1000, "Either side is done."},
    {1001, "The other side goes away."},
    {1002, "The client broke the WebSocket protocol."},
    {1003, "The client sent a binary frame."},
    {1007, "The client sent a text that is not UTF-8."},
    {1008, "The client pings too often, or cuts a message into too many fragments."},
    {1009, "The client's frame or message is too large."},
    {1011, "Something failed in the server, or the client did not answer a ping."},
    {1012, "The server restarts. The reason says `retry_after_ms=N`: come back after that many milliseconds and resume."},
    {4001, "Nobody signed in, or the sign-in ended: sign in again."},
    {4003, "The user may not be here."},
    {4008, "The client reads too slowly: come back and resume."},
    {4009, "The client goes on although it was told to wait, or the user has too many sockets."},
};

constexpr std::string_view security_schemes =
    R"({"bearer":{"type":"http","scheme":"bearer","description":"An access token in the Authorization header of the upgrade."}})";
constexpr std::string_view servers =
    R"({"this":{"host":"{host}","protocol":"ws","description":"The server this document comes from; wss where it is reached by TLS.",)"
    R"("variables":{"host":{"default":"localhost:8080","description":"Where the server is reached."}},)"
    R"("security":[{"$ref":"#/components/securitySchemes/bearer"}]}})";
constexpr std::string_view bindings =
    R"({"ws":{"method":"GET","headers":{"type":"object","properties":{"Sec-WebSocket-Protocol":{"type":"string","const":"parley.v1"}}}}})";

void write_reference(json::Writer& writer, std::string_view to) { writer.begin_object().key("$ref").string(to).end_object(); }

/// An operation speaks of the channel's messages, which are the components of the same names.
void write_messages(json::Writer& writer, std::span<const std::string_view> names) {
    writer.key("messages").begin_array();
    for (const auto name : names) write_reference(writer, fmt::format("#/channels/realtime/messages/{}", name));
    writer.end_array();
}

void write_info(json::Writer& writer, const Source& source) {
    writer.key("info").begin_object();
    writer.key("title").string(source.title);
    writer.key("version").string(source.version);
    writer.key("description").string(description);
    writer.key("license").begin_object().key("name").string(source.license).key("url").string(source.license_url).end_object();
    writer.end_object();
}

std::string channel_description() {
    std::string text = "Closes with these codes:";
    for (const auto& close : closes) text += fmt::format("\n- {}: {}", close.code, close.sentence);
    return text;
}

void write_channel(json::Writer& writer, const std::vector<MessageDoc>& messages) {
    writer.key("channels").begin_object().key("realtime").begin_object();
    writer.key("address").string("/api/v1/realtime");
    writer.key("title").string("The socket");
    writer.key("description").string(channel_description());
    writer.key("messages").begin_object();
    for (const auto& message : messages) {
        writer.key(message.name);
        write_reference(writer, "#/components/messages/" + message.name);
    }
    writer.end_object();
    writer.key("bindings").raw(bindings);
    writer.end_object().end_object();
}

void write_operation(json::Writer& writer, std::string_view action, std::string_view name, std::string_view summary,
                     std::span<const std::string_view> messages, std::span<const std::string_view> answers) {
    writer.key(fmt::format("{}.{}", action, name)).begin_object();
    writer.key("action").string(action);
    writer.key("channel");
    write_reference(writer, "#/channels/realtime");
    writer.key("summary").string(summary);
    write_messages(writer, messages);
    if (!answers.empty()) {
        writer.key("reply").begin_object().key("channel");
        write_reference(writer, "#/channels/realtime");
        write_messages(writer, answers);
        writer.end_object();
    }
    writer.end_object();
}

/// The names of the server's messages that nobody asked for by a frame.
std::vector<std::string_view> names_with(const std::vector<MessageDoc>& messages, std::string_view prefix) {
    std::vector<std::string_view> names;
    for (const auto& message : messages) {
        if (message.name.starts_with(prefix)) names.push_back(message.name);
    }
    return names;
}

void write_operations(json::Writer& writer, const std::vector<MessageDoc>& from_client, const std::vector<MessageDoc>& from_server) {
    writer.key("operations").begin_object();
    for (const auto& message : from_client) {
        const std::string_view name = message.name;
        write_operation(writer, "receive", name, message.sentence, std::span{&name, 1}, message.answers);
    }
    write_operation(writer, "send", "hello", "Greets a client that has signed in.", names_with(from_server, "hello"), {});
    write_operation(writer, "send", "event", "Tells what happened in a conversation: live, or when a client resumes.",
                    names_with(from_server, "event."), {});
    write_operation(writer, "send", "signal", "Tells what is not stored; dropped first when a client is slow.", names_with(from_server, "signal."),
                    {});
    write_operation(writer, "send", "error", "Refuses a frame that cannot be read.", names_with(from_server, "error"), {});
    writer.end_object();
}

void write_components(json::Writer& writer, const std::vector<MessageDoc>& messages, const json::SchemaSet& schemas) {
    writer.key("components").begin_object();
    writer.key("messages").begin_object();
    for (const auto& message : messages) {
        writer.key(message.name).begin_object();
        writer.key("name").string(message.name);
        writer.key("title").string(message.title);
        writer.key("summary").string(message.sentence);
        writer.key("contentType").string("application/json");
        writer.key("payload").raw(message.payload);
        writer.end_object();
    }
    writer.end_object();
    writer.key("schemas").begin_object();
    for (const auto& [name, schema] : schemas.components()) writer.key(name).raw(schema);
    for (const auto& [name, schema] : shared_schemas()) writer.key(name).raw(schema);
    writer.end_object();
    writer.key("securitySchemes").raw(security_schemes);
    writer.end_object();
}

}  // namespace

std::string document(const Source& source) {
    json::SchemaSet schemas;
    const auto from_client = client_messages(schemas);
    const auto from_server = server_messages(schemas);
    auto all = from_client;
    all.insert(all.end(), from_server.begin(), from_server.end());

    std::string text;
    json::Writer writer{text};
    writer.begin_object();
    writer.key("asyncapi").string("3.0.0");
    write_info(writer, source);
    writer.key("defaultContentType").string("application/json");
    writer.key("servers").raw(servers);
    write_channel(writer, all);
    write_operations(writer, from_client, from_server);
    write_components(writer, all, schemas);
    writer.end_object();
    return text;
}

}  // namespace parley::realtime::asyncapi
