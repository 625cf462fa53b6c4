// SPDX-License-Identifier: Apache-2.0
#include "realtime/watchers.hpp"

#include "groups/store.hpp"

#include <algorithm>

namespace parley::realtime {
namespace {

/// How soon the end of a grace, or of a user's activity, is noticed.
constexpr std::chrono::seconds between_ticks{1};

}  // namespace

Task<Result<std::unordered_set<UserId>>> Watchers::known_to(UserId user, std::vector<UserId> subjects) {
    co_return co_await db_.read([user, &subjects](storage::Connection& db) -> Result<std::unordered_set<UserId>> {
        std::unordered_set<UserId> known;
        for (const auto subject : subjects) {
            if (subject == user || groups::share_conversation(db, subject, user)) known.insert(subject);
        }
        return known;
    });
}

std::vector<UserPresence> Watchers::watch(UserId user, Receiver& receiver, const std::vector<UserId>& subjects,
                                          const std::unordered_set<UserId>& known) {
    forget(receiver);
    // Watched first: what changes after the look is told.
    for (const auto subject : subjects) presence_.watch(subject, shard_.index());
    auto looks = look_at(subjects, known);
    for (const auto& look : looks) {
        by_receiver_[&receiver].push_back(look.user_id);
        by_subject_[look.user_id].push_back({&receiver, user, look.status});
    }
    if (!armed() && !by_subject_.empty()) shard_.arm(*this, between_ticks);
    return looks;
}

std::vector<UserPresence> Watchers::look_at(const std::vector<UserId>& subjects, const std::unordered_set<UserId>& known) const {
    std::vector<UserPresence> looks;
    std::unordered_set<UserId> seen;
    for (const auto subject : subjects) {
        if (seen.insert(subject).second) looks.push_back(known.contains(subject) ? presence_.look_at(subject) : UserPresence{.user_id = subject});
    }
    return looks;
}

void Watchers::forget(Receiver& receiver) {
    const auto found = by_receiver_.find(&receiver);
    if (found == by_receiver_.end()) return;
    for (const auto subject : found->second) {
        const auto entry = by_subject_.find(subject);
        std::erase_if(entry->second, [&](const Watching& watching) { return watching.receiver == &receiver; });
        if (!entry->second.empty()) continue;
        by_subject_.erase(entry);
        presence_.unwatch(subject, shard_.index());
    }
    by_receiver_.erase(found);
}

void Watchers::expired() {
    presence_.tick();
    begin_to_tell();
    if (!by_subject_.empty()) shard_.arm(*this, between_ticks);
}

void Watchers::changed(UserId subject) {
    if (!by_subject_.contains(subject)) return;
    changed_.insert(subject);
    begin_to_tell();
}

void Watchers::begin_to_tell() {
    if (!changed_.empty() && !std::exchange(telling_, true)) tasks_.spawn(tell());
}

/// One at a time: what changes meanwhile, however often, is told once in the next round. If the database has no time, the next tick tries again.
Task<void> Watchers::tell() {
    while (!changed_.empty()) {
        const auto pairs = take_pairs();
        const auto known = co_await db_.read([&pairs](storage::Connection& db) -> Result<std::vector<Pair>> {
            std::vector<Pair> sharing;
            for (const auto& pair : pairs) {
                if (pair.subject == pair.watcher || groups::share_conversation(db, pair.subject, pair.watcher)) sharing.push_back(pair);
            }
            return sharing;
        });
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            if (i > 0 && pairs[i].subject == pairs[i - 1].subject) continue;
            if (known) tell_of(pairs[i].subject, pairs, *known);
            else changed_.insert(pairs[i].subject);
        }
        if (!known) break;
    }
    telling_ = false;
}

/// Whole subjects, with each of their watchers once, in order.
std::vector<Watchers::Pair> Watchers::take_pairs() {
    std::vector<Pair> pairs;
    while (!changed_.empty() && pairs.size() < pairs_per_read) {
        const auto subject = *changed_.begin();
        changed_.erase(changed_.begin());
        const auto found = by_subject_.find(subject);
        if (found == by_subject_.end()) continue;
        for (const auto& watching : found->second) pairs.push_back({subject, watching.user});
    }
    std::ranges::sort(pairs);
    const auto twice = std::ranges::unique(pairs);
    pairs.erase(twice.begin(), twice.end());
    return pairs;
}

/// How the subject looks now, whatever it was that changed. Somebody who shares no conversation with it any more sees it go offline.
void Watchers::tell_of(UserId subject, const std::vector<Pair>& asked, const std::vector<Pair>& known) {
    const auto found = by_subject_.find(subject);
    if (found == by_subject_.end()) return;
    const UserPresence unknown{.user_id = subject}, look = presence_.look_at(subject);
    websocket::FramePtr frame, unknown_frame;
    for (auto& watching : found->second) {
        const Pair pair{subject, watching.user};
        if (!std::ranges::binary_search(asked, pair)) continue;  // has begun to watch meanwhile, and was told then
        const bool knows = std::ranges::binary_search(known, pair);
        const auto& shown = knows ? look : unknown;
        if (std::exchange(watching.told, shown.status) == shown.status) continue;
        auto& shared = knows ? frame : unknown_frame;
        if (!shared) shared = websocket::prepare_text(presence_signal(shown));
        watching.receiver->signal({.conversation = {}, .frame = shared});
    }
}

}  // namespace parley::realtime
