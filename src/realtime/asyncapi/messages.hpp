// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley::realtime::asyncapi {

/// A frame that goes over the socket.
struct MessageDoc {
    std::string name;   // "message.send", "ok.sent", "event.message.created": the key of the component
    std::string title;  // what its type is, for people
    std::string_view sentence;
    std::string payload;                    // its schema as JSON
    std::vector<std::string_view> answers;  // of a client's frame: the names of the messages that answer it
};

/// Every frame a client may send, with what answers it.
std::vector<MessageDoc> client_messages(json::SchemaSet& schemas);
/// Every frame the server sends, of each kind of event and signal one.
std::vector<MessageDoc> server_messages(json::SchemaSet& schemas);

/// What the values of `id` and the object in `error` are: schemas that the payloads refer to.
struct NamedSchema {
    std::string_view name;
    std::string_view schema;
};
std::vector<NamedSchema> shared_schemas();

}  // namespace parley::realtime::asyncapi
