// SPDX-License-Identifier: Apache-2.0
#include "realtime/presence.hpp"

#include <algorithm>

namespace parley::realtime {

using enum PresenceStatus;

PresenceStatus Presence::status_of(const Person& person, Moment now) const {
    const bool is_there = person.shards_with_sockets > 0 || (person.left_at && now < *person.left_at + times_.grace);
    if (!is_there) return offline;
    return now < person.active_at + times_.away_after ? online : away;
}

void Presence::arrived(UserId user) {
    Told told;
    {
        const std::scoped_lock lock{mutex_};
        const auto now = clock_.steady();
        auto& person = people_[user];
        const auto before = status_of(person, now);
        ++person.shards_with_sockets;
        person.left_at.reset();
        person.active_at = now;
        if (before != online) note(user, person, told);
        await_away(user, person);
    }
    tell(told);
}

void Presence::left(UserId user) {
    Told told;
    {
        const std::scoped_lock lock{mutex_};
        const auto now = clock_.steady();
        auto& person = people_[user];
        if (--person.shards_with_sockets == 0) {
            person.left_at = now;
            person.left_on = clock_.now();
            in_grace_.push_back({user, now});
        }
        end_graces(now, told);
    }
    tell(told);
}

void Presence::active(UserId user) {
    Told told;
    {
        const std::scoped_lock lock{mutex_};
        const auto found = people_.find(user);
        if (found == people_.end()) return;
        const auto now = clock_.steady();
        const auto before = status_of(found->second, now);
        found->second.active_at = now;
        if (before != online) note(user, found->second, told);
        await_away(user, found->second);
    }
    tell(told);
}

UserPresence Presence::look_at(UserId user) const {
    const std::scoped_lock lock{mutex_};
    const auto found = people_.find(user);
    if (found == people_.end()) return {.user_id = user, .status = offline, .last_seen_at = {}};
    const auto& person = found->second;
    const auto now = clock_.steady();
    UserPresence look{.user_id = user, .status = status_of(person, now), .last_seen_at = person.left_on};
    if (look.status == online) look.last_seen_at = clock_.now();
    if (look.status == away) look.last_seen_at = clock_.now() - std::chrono::floor<std::chrono::microseconds>(now - person.active_at);
    return look;
}

void Presence::watch(UserId user, std::size_t shard) {
    const std::scoped_lock lock{mutex_};
    auto& person = people_[user];
    if (std::ranges::find(person.watching, shard) == person.watching.end()) person.watching.push_back(shard);
    await_away(user, person);
}

void Presence::unwatch(UserId user, std::size_t shard) {
    const std::scoped_lock lock{mutex_};
    const auto found = people_.find(user);
    if (found == people_.end()) return;
    std::erase(found->second.watching, shard);
    forget_if_nothing(user);
}

void Presence::tick() {
    Told told;
    {
        const std::scoped_lock lock{mutex_};
        const auto now = clock_.steady();
        end_graces(now, told);
        end_activity(now, told);
    }
    tell(told);
}

std::size_t Presence::known() const {
    const std::scoped_lock lock{mutex_};
    return people_.size();
}

/// Only for who is watched; the entry is looked at when its time has come, so that a frame moves nothing.
void Presence::await_away(UserId user, Person& person) {
    const bool needed = !person.watching.empty() && person.shards_with_sockets > 0 && status_of(person, clock_.steady()) == online;
    if (needed && !std::exchange(person.away_awaited, true)) away_at_.emplace(person.active_at + times_.away_after, user);
}

void Presence::note(UserId user, const Person& person, Told& told) const {
    for (const auto shard : person.watching) told.emplace_back(user, shard);
}

void Presence::end_graces(Moment now, Told& told) {
    for (; !in_grace_.empty() && in_grace_.front().at + times_.grace <= now; in_grace_.pop_front()) {
        const auto departure = in_grace_.front();
        const auto found = people_.find(departure.user);
        if (found == people_.end() || found->second.left_at != departure.at) continue;
        note(departure.user, found->second, told);
        remembered_.push_back(departure);
    }
    for (; remembered_.size() > most_remembered; remembered_.pop_front()) {
        const auto oldest = remembered_.front();
        const auto found = people_.find(oldest.user);
        if (found == people_.end() || found->second.left_at != oldest.at) continue;
        found->second.left_at.reset();
        found->second.left_on.reset();
        forget_if_nothing(oldest.user);
    }
}

void Presence::end_activity(Moment now, Told& told) {
    while (!away_at_.empty() && away_at_.begin()->first <= now) {
        const auto user = away_at_.begin()->second;
        away_at_.erase(away_at_.begin());
        const auto found = people_.find(user);
        if (found == people_.end()) continue;
        auto& person = found->second;
        person.away_awaited = false;
        if (status_of(person, now) == away) note(user, person, told);
        await_away(user, person);
    }
}

void Presence::forget_if_nothing(UserId user) {
    const auto found = people_.find(user);
    const auto& person = found->second;
    if (person.shards_with_sockets == 0 && !person.left_at && person.watching.empty()) people_.erase(found);
}

void Presence::tell(const Told& told) const {
    for (const auto& [user, shard] : told) tell_(user, shard);
}

}  // namespace parley::realtime
