// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/access_token.hpp"
#include "core/caller.hpp"
#include "core/clock.hpp"
#include "net/shard.hpp"
#include "storage/database.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace parley::auth {

/// Who is calling: checks access tokens on the shards, without waiting for anybody. A signature costs more than the rest of a request, so each shard
/// remembers tokens it has verified, by their whole text; and it knows the sessions that ended while tokens of theirs are still young.
class Guard final : public storage::CommitListener {
public:
    Guard(const KeyRing& ring, net::Shards& shards, const Clock& clock, std::chrono::milliseconds longest_token_life);
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

    const KeyRing& ring_;
    net::Shards& shards_;
    const Clock& clock_;
    const std::chrono::milliseconds longest_token_life_;
    std::vector<std::unique_ptr<ShardMemory>> memories_;
};

}  // namespace parley::auth
