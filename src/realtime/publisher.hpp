// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/shard.hpp"
#include "realtime/hub.hpp"
#include "storage/database.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace parley::realtime {

/// Turns what was committed into frames, each once, and hands every shard one parcel per commit, in commit order. Runs on the writer's thread.
class Publisher final : public storage::CommitListener {
public:
    /// One hub per shard, in the order of the shards.
    Publisher(net::Shards& shards, std::vector<std::unique_ptr<Hub>>& hubs);

    void committed(const storage::Announcements& announcements, Postbag& postbag) override;

    /// Shards that fell so far behind that their sockets were told to come back and resume.
    std::uint64_t overflows() const noexcept { return overflows_; }
    /// What waits for all shards.
    std::size_t waiting_bytes() const noexcept {
        std::size_t all = 0;
        for (const auto& bytes : waiting_bytes_) all += bytes->load(std::memory_order_relaxed);
        return all;
    }

private:
    /// What may wait for one shard: beyond it the shard's sockets are closed (1012), and their resume finds everything in the log.
    static constexpr std::size_t most_waiting_bytes = 64 * 1024 * 1024;

    net::Shards& shards_;
    std::vector<std::unique_ptr<Hub>>& hubs_;
    std::vector<std::unique_ptr<std::atomic<std::size_t>>> waiting_bytes_;  // by shard
    std::atomic<std::uint64_t> overflows_ = 0;
};

}  // namespace parley::realtime
