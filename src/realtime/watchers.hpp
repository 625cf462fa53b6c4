// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/task.hpp"
#include "core/task_group.hpp"
#include "net/shard.hpp"
#include "realtime/frames.hpp"
#include "realtime/hub.hpp"
#include "realtime/presence.hpp"
#include "storage/database.hpp"

#include <compare>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace parley::realtime {

/// One shard's part of who watches whose presence. Each receiver is told of changes only, and only of people it shares a conversation with at that
/// moment: that is read each time, many changes at once, because no shard knows the conversations of people who have no socket on it.
/// Used on its shard's thread only.
class Watchers final : private net::Timer {
public:
    Watchers(net::Shard& shard, storage::Database& db, Presence& presence, TaskGroup& tasks)
        : shard_(shard),
          db_(db),
          presence_(presence),
          tasks_(tasks) {}
    Watchers(const Watchers&) = delete;
    Watchers& operator=(const Watchers&) = delete;
    ~Watchers() = default;

    /// Which of `subjects` share a conversation with `user`; oneself does. Errors: storage's.
    Task<Result<std::unordered_set<UserId>>> known_to(UserId user, std::vector<UserId> subjects);
    /// From now on `receiver`, a socket of `user`, is told of these and of no others. Gives how they look now.
    std::vector<UserPresence> watch(UserId user, Receiver& receiver, const std::vector<UserId>& subjects, const std::unordered_set<UserId>& known);
    /// Each once, in the order given; who is not in `known` is offline and was never seen.
    std::vector<UserPresence> look_at(const std::vector<UserId>& subjects, const std::unordered_set<UserId>& known) const;
    void forget(Receiver& receiver);

    /// The user may look different now.
    void changed(UserId subject);

private:
    /// Pairs of people that one read looks up.
    static constexpr std::size_t pairs_per_read = 1024;

    struct Watching {
        Receiver* receiver;
        UserId user;
        PresenceStatus told;
    };
    struct Pair {
        UserId subject, watcher;
        friend auto operator<=>(const Pair&, const Pair&) = default;
    };

    void expired() override;  // Timer: a second has passed, and somebody is watched from here
    void begin_to_tell();
    Task<void> tell();
    std::vector<Pair> take_pairs();
    /// `asked` and `known` are in order.
    void tell_of(UserId subject, const std::vector<Pair>& asked, const std::vector<Pair>& known);

    net::Shard& shard_;
    storage::Database& db_;
    Presence& presence_;
    TaskGroup& tasks_;
    std::unordered_map<UserId, std::vector<Watching>> by_subject_;
    std::unordered_map<Receiver*, std::vector<UserId>> by_receiver_;
    std::unordered_set<UserId> changed_;  // and not told yet
    bool telling_ = false;
};

}  // namespace parley::realtime
