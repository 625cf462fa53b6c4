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

/// Whether a user whose membership was changed like this may have been a member at some time in the grace before `moment`.
bool may_receive(const Attempts& attempts, std::int64_t moment) {
    const auto grace = std::chrono::nanoseconds{revocation_grace}.count();
    bool member = false;
    for (const auto* attempt : attempts) {  // in the order they were begun
        if (attempt->span.begun > moment || attempt->outcome == Outcome::refused) continue;
        if (attempt->value != absent) member = true;
        else if (attempt->outcome == Outcome::ok && attempt->span.ended + grace < moment) member = false;
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
        if (may_receive(changes, sighting.moment)) continue;
        found.push_back({"leak", fmt::format("user {} received {}/{}, and was no member: {}", sighting.user, sighting.conversation, sighting.seq,
                                             told(changes, sighting.moment))});
    }
}

}  // namespace parley::faults
