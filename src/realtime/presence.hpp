// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "core/ids.hpp"
#include "realtime/frames.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley::realtime {

struct PresenceTimes {
    /// How long a user whose last socket went still shows as before. With one look a second it keeps the contract's 30 s.
    std::chrono::milliseconds grace{20'000};
    /// Without a frame for this long a user is away.
    std::chrono::milliseconds away_after{300'000};
    /// Frames within this time of the last one that was noted are not noted.
    std::chrono::milliseconds frames_noted_every{15'000};
};

/// Who is online, away or offline, over all shards. Users nobody watches cost an entry and no timer: what they are is worked out when it is asked.
/// From any thread; the mutex is held for a few look-ups. Nothing is stored: after a restart nobody was seen yet.
class Presence {
public:
    /// Told, outside the lock, that a user who is watched from this shard may look different now.
    using Tell = std::function<void(UserId user, std::size_t shard)>;

    Presence(const Clock& clock, PresenceTimes times, Tell tell) : clock_(clock), times_(times), tell_(std::move(tell)) {}
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;

    const PresenceTimes& times() const noexcept { return times_; }

    /// A shard has got a first socket of the user, or lost the last one it had.
    void arrived(UserId user);
    void left(UserId user);
    /// The user has sent a frame.
    void active(UserId user);

    /// How the user looks to those who may see it. `last_seen_at` is the last moment online: now, or that of the last frame of someone away, or that
    /// at which the last socket went; nothing for who was not online since the start, or so long ago that it is forgotten.
    UserPresence look_at(UserId user) const;

    /// From now on `shard` is told about the user; once for each user and shard.
    void watch(UserId user, std::size_t shard);
    void unwatch(UserId user, std::size_t shard);
    /// Tells of those watched whose time has come to look away or offline. To be called every second while somebody is.
    void tick();

    /// Users of whom something is kept.
    std::size_t known() const;

private:
    /// Of those who left and are not watched, the last so many are remembered with the time.
    static constexpr std::size_t most_remembered = 65'536;

    struct Person {
        std::size_t shards_with_sockets = 0;
        std::optional<Moment> left_at;      // while nobody is there: when the last socket went
        std::optional<Timestamp> left_on;   // the same by the calendar
        Moment active_at;                   // the last frame, or arrival
        std::vector<std::size_t> watching;  // shards
        bool away_awaited = false;          // stands in away_at_
    };
    struct Departure {
        UserId user;
        Moment at;
    };
    using Told = std::vector<std::pair<UserId, std::size_t>>;

    PresenceStatus status_of(const Person& person, Moment now) const;
    void await_away(UserId user, Person& person);
    void note(UserId user, const Person& person, Told& told) const;
    void end_graces(Moment now, Told& told);
    void end_activity(Moment now, Told& told);
    void forget_if_nothing(UserId user);
    void tell(const Told& told) const;

    const Clock& clock_;
    const PresenceTimes times_;
    const Tell tell_;
    mutable std::mutex mutex_;
    std::unordered_map<UserId, Person> people_;
    std::deque<Departure> in_grace_, remembered_;  // each in the order of departure; entries of who came back mean nothing
    std::multimap<Moment, UserId> away_at_;        // those online and watched
};

}  // namespace parley::realtime
