// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/rate_limiter.hpp"
#include "core/task.hpp"
#include "net/shard.hpp"
#include "realtime/hub.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace parley::realtime {

/// Who types may tell it once in this long, for each conversation; what comes between is swallowed (api.md section 6).
inline constexpr Rate typing_rate{"typing", 1, std::chrono::seconds{3}};

/// Tells the members of a conversation that somebody is typing. Nothing is stored, and nothing waits for anybody: each shard gets the frame into its
/// mailbox, and sockets for which much waits do without it. What was told lately is kept in a RateLimiter, which bounds its memory and forgets by
/// time. From any shard's thread.
class Typing {
public:
    /// One hub per shard, in the order of the shards.
    Typing(net::Shards& shards, std::vector<std::unique_ptr<Hub>>& hubs, storage::Database& db) : shards_(shards), hubs_(hubs), db_(db) {}

    /// Told by a socket of `user` on the shard of `hub`, which usually knows who is a member; the database is asked only if it does not.
    /// Success also where it was swallowed. Errors: not_a_member, not_found, storage's.
    Task<Result<void>> tell(const Hub& hub, UserId user, ConversationId conversation, Moment now);

private:
    net::Shards& shards_;
    std::vector<std::unique_ptr<Hub>>& hubs_;
    storage::Database& db_;
    RateLimiter told_{typing_rate};
};

}  // namespace parley::realtime
