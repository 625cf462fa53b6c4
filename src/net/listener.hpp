// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "net/socket.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace parley::net {

namespace errors {
inline constexpr ErrorKind bad_address{"net.bad_address", ErrorClass::unprocessable, "An address is written as 127.0.0.1:8080 or [::1]:8080."};
inline constexpr ErrorKind cannot_listen{"net.cannot_listen", ErrorClass::internal, "The address cannot be listened on."};
}  // namespace errors

/// Accepts connections for one shard. Several listeners share an address (SO_REUSEPORT), so that the kernel spreads connections over the shards.
class Listener {
public:
    /// Called on the shard for each connection; `peer` is the address without port.
    using OnConnection = std::function<void(Socket socket, std::string peer)>;

    /// Binds at once; accepts from `start` on. Errors: bad_address, cannot_listen (detail says why).
    static Result<std::unique_ptr<Listener>> open(Shard& shard, std::string_view address, OnConnection on_connection);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// The address with the real port, as in `127.0.0.1:43121`.
    std::string address() const;
    /// From any thread.
    void start();
    /// Only on the shard's thread, or when it does not run.
    void stop();

private:
    struct Impl;
    explicit Listener(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;  // shared with the wait in progress
};

}  // namespace parley::net
