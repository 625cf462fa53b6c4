// SPDX-License-Identifier: Apache-2.0
#include "realtime/missed_events.hpp"

#include "groups/store.hpp"
#include "realtime/errors.hpp"

#include <algorithm>

namespace parley::realtime {
namespace {

/// A conversation more than this ahead is read by page (api.md section 6); all together are a list in memory.
constexpr Seq furthest_behind = 1000;
constexpr std::size_t most_missed = 20'000;

/// A conversation's events after log id `since`, in order. Most who come back missed few: so it looks at few first. Error: resync_required.
Result<std::vector<chat::EventOutline>> events_since(const chat::LogReader& log, ConversationId conversation, std::int64_t since) {
    const auto head = log.head(conversation).seq;
    std::vector<chat::EventOutline> events;
    for (const Seq span : {Seq{16}, Seq{128}, furthest_behind + 1}) {
        const auto after = std::max<Seq>(0, head - span);
        events = log.outlines(conversation, after);
        if (after == 0 || (!events.empty() && events.front().id <= since)) break;
    }
    std::erase_if(events, [since](const chat::EventOutline& event) { return event.id <= since; });
    if (std::ssize(events) > furthest_behind) return fail(errors::resync_required);
    return events;
}

/// Leaves out what happened while the user was no member: their own member.left is the last event they get, until their own member.joined.
void append_while_member(std::vector<std::int64_t>& log_ids, const std::vector<chat::EventOutline>& events, UserId user, bool is_member) {
    const auto is_own = [user](const chat::EventOutline& event, chat::EventKind kind) {
        return event.event_kind() == kind && event.subject == user.value;
    };
    const auto joined = [&](const chat::EventOutline& event) { return is_own(event, chat::EventKind::member_joined); };
    const auto left = [&](const chat::EventOutline& event) { return is_own(event, chat::EventKind::member_left); };
    const auto change = std::ranges::find_if(events, [&](const chat::EventOutline& event) { return joined(event) || left(event); });
    bool is_in = change == events.end() ? is_member : left(*change);
    for (const auto& event : events) {
        if (joined(event)) is_in = true;
        if (is_in) log_ids.push_back(event.id);
        if (left(event)) is_in = false;
    }
}

}  // namespace

Result<Missed> find_missed(storage::Connection& db, const chat::LogReader& log, UserId user, std::optional<std::int64_t> since,
                           const std::unordered_set<ConversationId>& rooms) {
    Missed missed{{}, log.last_id()};
    if (!since) return missed;
    if (!log.has_passed(*since)) return fail(errors::resync_required);
    missed.up_to = std::max(missed.up_to, *since);
    const auto own = groups::conversations_of(db, user);
    const std::unordered_set<ConversationId> members_of{own.begin(), own.end()};
    auto all = rooms;
    all.insert(own.begin(), own.end());
    for (const auto conversation : all) {
        if (log.last_id_of(conversation) <= *since) continue;
        TRY(const auto events, events_since(log, conversation, *since));
        append_while_member(missed.log_ids, events, user, members_of.contains(conversation));
        if (missed.log_ids.size() > most_missed) return fail(errors::resync_required);
    }
    std::ranges::sort(missed.log_ids);
    return missed;
}

}  // namespace parley::realtime
