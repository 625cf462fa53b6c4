// SPDX-License-Identifier: Apache-2.0
#include "auth/guard.hpp"

#include "auth/announcements.hpp"
#include "auth/errors.hpp"
#include "auth/store.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>

namespace parley::auth {

/// Bounded by two generations: when the young one is full it becomes the old one, and what is asked for again moves back.
class Guard::ShardMemory {
public:
    const Caller* find(std::string_view token) {
        if (const auto young = young_.find(token); young != young_.end()) return &young->second;
        const auto old = old_.find(token);
        if (old == old_.end()) return nullptr;
        return &remember(old->first, old->second);
    }

    const Caller& remember(std::string token, Caller caller) {
        if (young_.size() >= generation_tokens) {
            old_ = std::move(young_);
            young_.clear();
        }
        return young_.insert_or_assign(std::move(token), caller).first->second;
    }

    void revoke(SessionId session, Timestamp forget_at, Timestamp now) {
        if (revoked_.size() >= purge_above_) {
            std::erase_if(revoked_, [&](const auto& entry) { return entry.second < now; });
            purge_above_ = std::max<std::size_t>(1024, 2 * revoked_.size());
        }
        revoked_[session] = forget_at;
    }
    bool is_revoked(SessionId session) const { return revoked_.contains(session); }

    std::uint64_t revocations_known = 0;

private:
    static constexpr std::size_t generation_tokens = 16'384;
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    using Tokens = std::unordered_map<std::string, Caller, Hash, std::equal_to<>>;

    Tokens young_, old_;
    std::unordered_map<SessionId, Timestamp> revoked_;  // until no token of theirs can be alive
    std::size_t purge_above_ = 1024;
};

Guard::Guard(const KeyRing& ring, const net::Shards& shards, const Clock& clock, std::chrono::milliseconds longest_token_life)
    : ring_(ring),
      clock_(clock),
      longest_token_life_(longest_token_life) {
    for (std::size_t i = 0; i < shards.size(); ++i) memories_.push_back(std::make_unique<ShardMemory>());
}

Guard::~Guard() = default;

void Guard::load(storage::Database& db) {
    const auto now = clock_.now();
    const auto revoked =
        db.read_now([&](storage::Connection& on) -> Result<std::vector<SessionId>> { return revoked_since(on, now - longest_token_life_); });
    if (!revoked) throw storage::DatabaseError{std::string{revoked.error().detail()}};
    for (const auto session : *revoked) {
        for (auto& memory : memories_) memory->revoke(session, now + longest_token_life_, now);
    }
}

Result<Caller> Guard::check(net::Shard& shard, std::string_view token) {
    auto& memory = up_to_date(shard);
    const auto now = clock_.now();
    const auto* known = memory.find(token);
    if (known == nullptr) {
        TRY(const auto claims, verify_token(ring_, token, now, TokenKind::access));
        known = &memory.remember(std::string{token}, {claims.user, claims.session, claims.expires_at});
    }
    if (now >= known->token_expires_at) return fail(errors::token_expired);
    if (memory.is_revoked(known->session)) return fail(errors::session_ended);
    return *known;
}

bool Guard::is_live(net::Shard& shard, SessionId session) const { return !up_to_date(shard).is_revoked(session); }

Guard::ShardMemory& Guard::up_to_date(net::Shard& shard) const {
    auto& memory = *memories_[shard.index()];
    const auto count = revocations_.load(std::memory_order_acquire);
    if (memory.revocations_known == count) [[likely]]
        return memory;
    const auto now = clock_.now();
    const std::scoped_lock lock{mutex_};
    const auto missed = std::min<std::uint64_t>(revocations_ - memory.revocations_known, recent_.size());
    for (auto one = recent_.end() - static_cast<std::ptrdiff_t>(missed); one != recent_.end(); ++one)
        memory.revoke(one->session, one->at + longest_token_life_, now);
    memory.revocations_known = revocations_;
    return memory;
}

void Guard::committed(const storage::Announcements& announcements, Postbag&) {
    for (const auto& announcement : announcements) {
        const auto* revoked = announcement->as<SessionRevoked>();
        if (revoked == nullptr) continue;
        const auto now = clock_.now();
        const std::scoped_lock lock{mutex_};
        while (!recent_.empty() && recent_.front().at + longest_token_life_ < now) recent_.pop_front();
        recent_.push_back({revoked->session, now});
        ++revocations_;
    }
}

}  // namespace parley::auth
