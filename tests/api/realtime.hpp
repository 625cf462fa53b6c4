// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/api_test.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace parley::testing {

/// A socket that is signed in by the header and has said hello. `hello` is what it said.
inline SocketClient connect(const std::string& address, const ApiClient& user, Json* hello = nullptr) {
    auto socket = SocketClient::with_token(address, user.token);
    const auto said = socket.wait_for_type("hello");
    if (hello != nullptr) *hello = said;
    return socket;
}

/// `message.send` without a client_id.
inline boost::json::value send_frame(std::int64_t id, std::int64_t conversation, std::string_view text) {
    return {{"id", id}, {"type", "message.send"}, {"conversation_id", conversation}, {"text", text}};
}

/// `resume` of one conversation.
inline boost::json::value resume_frame(std::int64_t id, std::string_view epoch, std::int64_t conversation, std::int64_t position) {
    return {{"id", id}, {"type", "resume"}, {"epoch", epoch}, {"positions", {{std::to_string(conversation), position}}}};
}

/// The seqs first … last.
inline std::vector<std::int64_t> from_to(std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> seqs;
    for (auto seq = first; seq <= last; ++seq) seqs.push_back(seq);
    return seqs;
}

/// What one socket saw: the seqs of each conversation in the order they came.
using Seen = std::map<std::int64_t, std::vector<std::int64_t>>;

/// Notes an event; other frames are passed over. Returns the frame.
inline const Json& note(Seen& seen, const Json& frame) {
    if (frame["type"] == "event") seen[frame["conversation_id"].integer()].push_back(frame["seq"].integer());
    return frame;
}

/// Reads to the answer with this id, noting the events before it.
inline Json read_to_answer(SocketClient& socket, Seen& seen, std::int64_t id) {
    return socket.wait_for([&](const Json& frame) { return note(seen, frame)["id"] == id && frame["type"] != "event"; });
}

/// Reads to an event of this conversation and seq.
inline Json read_to_event(SocketClient& socket, Seen& seen, std::int64_t conversation, std::int64_t seq) {
    return socket.wait_for(
        [&](const Json& frame) { return note(seen, frame)["conversation_id"] == conversation && frame["seq"] == seq && frame["type"] == "event"; });
}

}  // namespace parley::testing
