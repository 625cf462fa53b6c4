// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/shard.hpp"

#include <sys/uio.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace parley::net {

/// Whoever owns a socket; kept alive by the socket while it waits.
class SocketOwner {
public:
    virtual void readable() = 0;
    virtual void writable() = 0;

protected:
    SocketOwner() = default;
    SocketOwner(const SocketOwner&) = default;
    SocketOwner& operator=(const SocketOwner&) = default;
    ~SocketOwner() = default;
};

/// A connected TCP socket that never blocks: operations are tried at once, and the owner is told when it is worth trying again.
class Socket {
public:
    struct Impl;
    Socket(Shard& shard, std::unique_ptr<Impl> impl);
    Socket(Socket&&) noexcept;
    Socket& operator=(Socket&&) noexcept;
    ~Socket();

    Shard& shard() const noexcept { return *shard_; }

    enum class Status : std::uint8_t { done, would_block, closed };
    struct Transfer {
        Status status;
        std::size_t bytes;
    };
    /// `closed` is the peer's end of stream as well as any error.
    Transfer read(std::span<char> into);
    Transfer write(std::span<const iovec> parts);
    /// sendfile(2): may wait for the disk, so it is called on a worker's thread.
    Transfer send_file(int file, std::int64_t& offset, std::size_t count);

    /// Calls `owner->readable()` once when there is something to read or the peer is gone. At most one such wait is pending.
    void wait_readable(std::shared_ptr<SocketOwner> owner);
    void wait_writable(std::shared_ptr<SocketOwner> owner);

    /// From now on the connection is gone when what was sent stays unacknowledged, or untaken by the peer's system, for so long (tcp(7),
    /// TCP_USER_TIMEOUT): for a peer that has nothing to say, and whose silence means nothing.
    void give_up_after(std::chrono::milliseconds unacknowledged);

    /// Ends our side of the stream, so that the peer reads everything sent before the connection goes.
    void shutdown_send();
    /// Closes; pending waits end without a call. `reset` sends RST, for peers that do not read.
    enum class How : std::uint8_t { gracefully, reset };
    void close(How how = How::gracefully);
    bool is_open() const noexcept;

private:
    Shard* shard_;
    std::unique_ptr<Impl> impl_;
    int handle_;  // impl_'s, at hand: a fan-out goes through thousands of these; -1 when closed
};

}  // namespace parley::net
