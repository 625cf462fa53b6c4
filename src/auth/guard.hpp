// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/access_token.hpp"
#include "core/caller.hpp"
#include "core/clock.hpp"
#include "net/shard.hpp"
#include "storage/database.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace parley::auth {

/// Who is calling: checks access tokens on the shards, without waiting for anybody. A signature costs more than the rest of a request, so each shard
/// remembers tokens it has verified, by their whole text; and it knows the sessions that ended while tokens of theirs are still young. A session
/// that ended is known to every shard before whoever ended it has the answer: the writer counts it, and a shard that sees a new count takes in what
/// it has missed before it judges.
class Guard final : public storage::CommitListener {
public:
    Guard(const KeyRing& ring, const net::Shards& shards, const Clock& clock, std::chrono::milliseconds longest_token_life);
    virtual ~Guard();

    /// At the start, before connections: sessions that ended just before the server did.
    void load(storage::Database& db);

    /// On the shard's thread. Errors: invalid_token, token_expired, session_ended.
    Result<Caller> check(net::Shard& shard, std::string_view token);
    /// Whether a session was not revoked, as far as this shard knows; on its thread.
    bool is_live(net::Shard& shard, SessionId session) const;

    void committed(const storage::Announcements& announcements, Postbag& postbag) override;

private:
    class ShardMemory;
    struct Revocation {
        SessionId session;
        Timestamp at;
    };

    ShardMemory& up_to_date(net::Shard& shard) const;

    const KeyRing& ring_;
    const Clock& clock_;
    const std::chrono::milliseconds longest_token_life_;
    std::vector<std::unique_ptr<ShardMemory>> memories_;

    std::atomic<std::uint64_t> revocations_ = 0;  // so far
    mutable std::mutex mutex_;
    std::deque<Revocation> recent_;  // the last of them; older ones are of tokens that have expired
};

}  // namespace parley::auth
