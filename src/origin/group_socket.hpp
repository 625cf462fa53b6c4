// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "realtime/user_socket.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace parley::origin {

/// What the origin's sockets show of the message that went out last on a shard, made once for all of them.
class ShownMessage {
public:
    const websocket::FramePtr& frame(ConversationId conversation, Seq seq, std::string_view text);

private:
    ConversationId conversation_;
    Seq seq_ = 0;
    websocket::FramePtr frame_;
};

/// The origin's socket: one group's messages as `{"message": "…"}`, both ways (api.md section 7). What is sent here is a message like any other, and
/// the messages of every other way are shown here.
class GroupSocket final : public realtime::UserSocket {
public:
    /// `seen`: the group's last event when the upgrade was granted; what came after is shown.
    GroupSocket(net::Socket socket, realtime::Services& services, ShownMessage& shown, Owner owner, ConversationId group, Seq seen);
    ~GroupSocket() override;

    /// Begins; `rest` came behind the handshake.
    void open(std::string rest);

private:
    using Self = std::shared_ptr<GroupSocket>;

    // websocket::Session
    void on_message(std::string_view text) override;

    // Receiver
    void deliver(const realtime::Delivery& delivery) override;
    void signal(const realtime::Signal&) override {}

    Self self() { return std::static_pointer_cast<GroupSocket>(shared_from_this()); }
    /// Attaches to the hub, and shows what was said since the upgrade was granted.
    Task<void> enter(Self self);
    Task<void> post(Self self, std::string text);
    void show(Seq seq, std::string_view text);

    ShownMessage& shown_;
    const ConversationId group_;
    Seq seen_;           // shown, or older than this socket
    Seq last_live_ = 0;  // of the events that went by while what was said before is read
    bool caught_up_ = false;
    std::size_t pending_ = 0;  // messages on their way into the log
};

}  // namespace parley::origin
