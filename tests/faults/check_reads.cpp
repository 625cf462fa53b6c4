// SPDX-License-Identifier: Apache-2.0
#include "faults/checker.hpp"
#include "faults/frontier.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace parley::faults {
namespace {

using Place = std::pair<std::int64_t, std::int64_t>;  // conversation, seq; or conversation, user

std::string name_of(const Stream& stream) { return fmt::format("{} in conversation {}", stream.reader, stream.conversation); }

void check_consecutive(const Stream& stream, Anomalies& found) {
    auto last = stream.after;
    for (const auto& event : stream.events) {
        if (last && event.seq != *last + 1)
            found.push_back({"silent gap", name_of(stream) + fmt::format(" saw {} after {}, in a stream of {} from {}", event.seq, *last,
                                                                         stream.events.size(), stream.after ? *stream.after : -1)});
        last = event.seq;
    }
}

std::map<Place, const Entry*> places_of(const History& history) {
    std::map<Place, const Entry*> all;
    for (const auto& [id, conversation] : history.conversations) {
        for (const auto& entry : conversation.log) all.emplace(Place{id, entry.seq}, &entry);
    }
    return all;
}

}  // namespace

void check_streams(const History& history, Anomalies& found) {
    const auto places = places_of(history);
    std::map<Place, const SharedText*> live;
    for (const auto& stream : history.streams) {
        check_consecutive(stream, found);
        for (const auto& event : stream.events) {
            const Place place{stream.conversation, event.seq};
            const auto where = name_of(stream) + fmt::format(" at {}", event.seq);
            const auto entry = places.find(place);
            if (entry == places.end()) found.push_back({"phantom", where + ": the log has no such event"});
            else if (entry->second->identity != event.identity.text())
                found.push_back({"split view", where + ": " + event.identity.text() + ", but the log has " + entry->second->identity});
            if (event.bytes.empty()) continue;
            const auto [other, is_first] = live.emplace(place, &event.bytes);
            if (!is_first && *other->second != event.bytes) found.push_back({"split view", where + ": live bytes differ from another reader's"});
        }
    }
}

void check_heads(const History& history, Anomalies& found) {
    std::map<std::int64_t, Frontier> known;
    for (const auto& head : history.heads) known[head.conversation].add(head.span.ended, head.last_seq);
    for (const auto& send : history.sends) {
        if (send.outcome == Outcome::ok) known[send.conversation].add(send.span.ended, send.seq);
    }
    for (auto& [id, frontier] : known) frontier.settle();
    for (const auto& head : history.heads) {
        const auto expected = known[head.conversation].before(head.span.begun);
        if (head.last_seq < expected) {
            found.push_back({"stale read", fmt::format("{} was told that conversation {} ends at {}, {} was known before", head.reader,
                                                       head.conversation, head.last_seq, expected)});
        }
    }
    for (const auto& [id, conversation] : history.conversations) {
        if (conversation.last_seq < known[id].highest())
            found.push_back({"lost write", fmt::format("conversation {} ends at {}, {} was known", id, conversation.last_seq, known[id].highest())});
    }
}

void check_pages(const History& history, Anomalies& found) {
    for (const auto& page : history.pages) {
        const auto due = std::clamp<std::int64_t>(page.last_seq - page.after, 0, page.limit);
        if (page.events == due) continue;
        found.push_back({"holed read", fmt::format("{} asked conversation {} for {} events after {} of {} and was given {}", page.reader,
                                                   page.conversation, page.limit, page.after, page.last_seq, page.events)});
    }
}

void check_marks(const History& history, Anomalies& found) {
    std::map<Place, Frontier> known;
    for (const auto& mark : history.marks) known[{mark.conversation, mark.user}].add(mark.span.ended, mark.seq);
    for (const auto& send : history.sends) {
        if (send.outcome == Outcome::ok) known[{send.conversation, send.sender}].add(send.span.ended, send.seq);
    }
    for (auto& [place, frontier] : known) frontier.settle();
    const auto report = [&](std::int64_t user, std::int64_t conversation, std::int64_t seq, std::int64_t expected) {
        found.push_back({"mark moved back", fmt::format("user {} in conversation {}: {} after {}", user, conversation, seq, expected)});
    };
    for (const auto& mark : history.marks) {
        const auto expected = known[{mark.conversation, mark.user}].before(mark.span.begun);
        if (mark.seq < expected) report(mark.user, mark.conversation, mark.seq, expected);
    }
    for (const auto& [id, conversation] : history.conversations) {
        for (const auto& [user, member] : conversation.members) {
            const auto expected = known[{id, user}].highest();
            if (member.unread && member.last_read_seq < expected) report(user, id, member.last_read_seq, expected);
        }
    }
}

}  // namespace parley::faults
