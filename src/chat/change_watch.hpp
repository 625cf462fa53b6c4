// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/caller.hpp"
#include "core/result.hpp"
#include "core/task.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace parley::net {
class Shard;
}

namespace parley::chat {

/// Tells when something may have changed for one user, from the moment it is there: who makes it first and looks then misses nothing. It ends with
/// its object, which is used on its shard's thread only.
class ChangeWatch {
public:
    ChangeWatch() = default;
    ChangeWatch(const ChangeWatch&) = delete;
    ChangeWatch& operator=(const ChangeWatch&) = delete;
    virtual ~ChangeWatch() = default;

    /// True when something may have changed since the last call, false when the time is over. Errors: auth's session_ended, http's draining.
    virtual Task<Result<bool>> next() = 0;
};

/// A watch for the caller of a request on this shard, over after `longest`. Errors: too_many_sockets, draining, session_ended, storage's. Made by
/// `realtime`, which stands above this folder.
using WatchChanges = std::function<Task<Result<std::unique_ptr<ChangeWatch>>>(net::Shard& shard, Caller caller, std::chrono::milliseconds longest)>;

}  // namespace parley::chat
