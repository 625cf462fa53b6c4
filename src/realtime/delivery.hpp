// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log_row.hpp"
#include "core/ids.hpp"
#include "websocket/prepared_frame.hpp"

#include <optional>
#include <string>

namespace parley::realtime {

/// A committed event on its way to whoever is in its conversation.
struct Delivery {
    ConversationId conversation;
    Seq seq = 0;
    chat::EventKind kind = chat::EventKind::message_created;
    std::optional<UserId> subject;  // of member.*: the member
    websocket::FramePtr frame;      // made once for all receivers
    std::string text;               // of message.created: what the origin's socket shows
};

/// Something that is told to those who are there, and not kept.
struct Signal {
    ConversationId conversation;
    websocket::FramePtr frame;
    UserId except = {};  // a member who is not told; 0 for nobody
};

}  // namespace parley::realtime
