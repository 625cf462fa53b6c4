// SPDX-License-Identifier: Apache-2.0
#include "faults/checker.hpp"
#include "faults/frontier.hpp"

#include <fmt/format.h>

namespace parley::faults {
namespace {

void check_continued(const History& history, const Resume& resume, Anomalies& found) {
    const auto report = [&](std::string what) { found.push_back({"silent gap", resume.reader + std::move(what)}); };
    if (resume.epoch != resume.server_epoch) report(" went on with positions of another epoch");
    for (const auto& [conversation, position] : resume.positions) {
        const auto log = history.conversations.find(conversation);
        if (log != history.conversations.end() && position > log->second.last_seq)
            report(fmt::format(" went on in conversation {} from {}, which lies beyond its end", conversation, position));
        const auto head = resume.heads.find(conversation);
        if (head == resume.heads.end()) {
            if (!resume.truncated.contains(conversation)) report(fmt::format(" was told nothing of conversation {}", conversation));
            continue;
        }
        const auto reached = resume.reached.find(conversation);
        const auto seq = reached == resume.reached.end() ? position : reached->second;
        if (seq < head->second) report(fmt::format(" has conversation {} up to {}, and was told up to {}", conversation, seq, head->second));
    }
}

/// Positions that somebody was told of before lie not beyond the end.
void check_refused(std::map<std::int64_t, Frontier>& known, const Resume& resume, Anomalies& found) {
    if (resume.epoch != resume.server_epoch) return;
    for (const auto& [conversation, position] : resume.positions) {
        if (position > known[conversation].before(resume.span.begun)) return;
    }
    found.push_back({"needless resync", resume.reader + " could not go on, and nothing had changed"});
}

}  // namespace

void check_resumes(const History& history, Anomalies& found) {
    std::map<std::int64_t, Frontier> known;
    for (const auto& head : history.heads) known[head.conversation].add(head.span.ended, head.last_seq);
    for (const auto& send : history.sends) {
        if (send.outcome == Outcome::ok) known[send.conversation].add(send.span.ended, send.seq);
    }
    for (auto& [id, frontier] : known) frontier.settle();
    for (const auto& resume : history.resumes) {
        if (resume.answer == Resume::Answer::continued) check_continued(history, resume, found);
        else check_refused(known, resume, found);
    }
}

void check_arrivals(const History& history, Anomalies& found) {
    for (const auto& arrival : history.arrivals) {
        if (arrival.reached >= arrival.head) continue;
        found.push_back({"stuck", fmt::format("{} is at {} in conversation {}, which had reached {}", arrival.reader, arrival.reached,
                                              arrival.conversation, arrival.head)});
    }
}

}  // namespace parley::faults
