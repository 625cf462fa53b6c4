// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log_row.hpp"
#include "core/ids.hpp"
#include "websocket/prepared_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::realtime {

/// The frames of several deliveries back to back: this one's and those of the next `length - 1`, messages of the same conversation all.
struct Run {
    websocket::FramePtr frames;
    std::size_t length = 0;  // 0: the delivery begins no run
};

/// A committed event on its way to whoever is in its conversation.
struct Delivery {
    ConversationId conversation;
    Seq seq = 0;
    std::int64_t log_id = 0;  // its place among all events, in the order of commits
    chat::EventKind kind = chat::EventKind::message_created;
    std::optional<UserId> subject;  // of member.*: the member
    websocket::FramePtr frame;      // made once for all receivers
    std::string text;               // of message.created: what the origin's socket shows
    bool is_lasting = false;        // a replay shows the same, until another event changes what it is about
    Run run;
};

/// Something that is told to those who are there, and not kept.
struct Signal {
    ConversationId conversation;
    websocket::FramePtr frame;
    UserId except = {};  // a member who is not told; 0 for nobody
};

/// Everything of one commit, made once for all shards.
struct Parcel {
    std::vector<Delivery> deliveries;
    std::vector<Signal> signals;
    std::vector<std::pair<UserId, SessionId>> ended_sessions;
    std::size_t bytes = 0;  // of the deliveries' frames

    bool empty() const noexcept { return deliveries.empty() && signals.empty() && ended_sessions.empty(); }
};

}  // namespace parley::realtime
