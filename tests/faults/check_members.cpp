// SPDX-License-Identifier: Apache-2.0
#include "faults/checker.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace parley::faults {
namespace {

using Attempts = std::vector<const Change*>;

/// What is known of the changes before `moment`, for whoever has to find the cause.
std::string told(const Attempts& attempts, std::int64_t moment) {
    std::string text;
    for (const auto* attempt : attempts) {
        if (attempt->span.begun > moment) continue;
        text = fmt::format("{} from {} ms to {} ms before: {}", attempt->value, (moment - attempt->span.begun) / 1'000'000,
                           (moment - attempt->span.ended) / 1'000'000, attempt->outcome == Outcome::ok ? "done" : "refused, or nobody knows");
    }
    return text.empty() ? "no member ever" : text;
}

/// How much of the time between two moments was trouble. A frame that was sent in time stays that long in a server that stands still, or on its way.
std::int64_t troubled_time(const std::vector<Span>& troubles, const Span& between) {
    std::int64_t time = 0;
    for (const auto& trouble : troubles)
        time += std::max<std::int64_t>(0, std::min(trouble.ended, between.ended) - std::max(trouble.begun, between.begun));
    return time;
}

/// Whether a user whose membership was changed like this may have been a member at some time in the grace before `moment`.
bool may_receive(const Attempts& attempts, const std::vector<Span>& troubles, std::int64_t moment) {
    const auto grace = std::chrono::nanoseconds{revocation_grace}.count();
    const auto is_past = [&](std::int64_t removed) { return removed + grace + troubled_time(troubles, {removed, moment}) < moment; };
    bool member = false;
    for (const auto* attempt : attempts) {  // in the order they were begun
        if (attempt->span.begun > moment || attempt->outcome == Outcome::refused) continue;
        if (attempt->value != absent) member = true;
        else if (attempt->outcome == Outcome::ok && is_past(attempt->span.ended)) member = false;
    }
    return member;
}

}  // namespace

void check_sightings(const History& history, Anomalies& found) {
    std::map<std::string, Attempts> attempts;
    for (const auto& change : history.changes) {
        if (change.what.starts_with("member ")) attempts[change.what].push_back(&change);
    }
    for (auto& [what, changes] : attempts) std::ranges::sort(changes, {}, [](const Change* change) { return change->span.begun; });
    for (const auto& sighting : history.sightings) {
        const auto& changes = attempts[member_of(sighting.conversation, sighting.user)];
        if (may_receive(changes, history.troubles, sighting.moment)) continue;
        found.push_back({"leak", fmt::format("user {} received {}/{}, and was no member: {}", sighting.user, sighting.conversation, sighting.seq,
                                             told(changes, sighting.moment))});
    }
}

}  // namespace parley::faults
