// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/socket.hpp"
#include "websocket/prepared_frame.hpp"

#include <cstddef>
#include <vector>

namespace parley::websocket {

/// Frames that wait for one socket. They are references: a frame that a thousand sockets wait for is there once. All of them leave in as few
/// sendmsg calls as the socket takes.
class Outbox {
public:
    void push(FramePtr frame) {
        bytes_ += frame->bytes().size();
        frames_.push_back(std::move(frame));
    }
    /// Writes what the socket takes; `done` when nothing is left.
    net::Socket::Status flush(net::Socket& socket);
    /// Forgets all but a frame that is partly sent: another one in its middle would break the stream.
    void drop_unsent();

    bool empty() const noexcept { return first_ == frames_.size(); }
    std::size_t bytes() const noexcept { return bytes_; }
    /// All the memory it takes beside the frames.
    std::size_t memory_bytes() const noexcept { return frames_.capacity() * sizeof(FramePtr); }

private:
    void consume(std::size_t bytes);

    std::vector<FramePtr> frames_;
    std::size_t first_ = 0;  // not sent completely
    std::size_t sent_of_first_ = 0;
    std::size_t bytes_ = 0;  // to be sent
};

}  // namespace parley::websocket
