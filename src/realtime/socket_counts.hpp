// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace parley::realtime {

/// How many sockets each user has open, on all shards together.
class SocketCounts {
public:
    explicit SocketCounts(std::int64_t most) : most_(most) {}

    /// A user's place among their sockets, for as long as it lives.
    class Place {
    public:
        Place(SocketCounts& counts, UserId user) : counts_(&counts), user_(user) {}
        Place(Place&& other) noexcept : counts_(std::exchange(other.counts_, nullptr)), user_(other.user_) {}
        Place& operator=(Place&&) = delete;
        ~Place() {
            if (counts_ != nullptr) counts_->remove(user_);
        }

    private:
        SocketCounts* counts_;
        UserId user_;
    };

    /// Nothing if the user has as many sockets as they may.
    std::optional<Place> take(UserId user) {
        const std::scoped_lock lock{mutex_};
        auto& count = counts_[user];
        if (count >= most_) return std::nullopt;
        ++count;
        ++total_;
        return Place{*this, user};
    }
    std::int64_t total() const noexcept { return total_; }

private:
    void remove(UserId user) {
        const std::scoped_lock lock{mutex_};
        const auto found = counts_.find(user);
        if (--found->second == 0) counts_.erase(found);
        --total_;
    }

    const std::int64_t most_;
    std::mutex mutex_;
    std::unordered_map<UserId, std::int64_t> counts_;
    std::atomic<std::int64_t> total_ = 0;
};

}  // namespace parley::realtime
