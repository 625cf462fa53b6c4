// SPDX-License-Identifier: Apache-2.0
#include "faults/checker.hpp"

#include <fmt/format.h>
#include <ostream>
#include <set>

namespace parley::faults {
namespace {

void check_epochs(const History& history, Anomalies& found) {
    const std::set<std::string> epochs(history.epochs.begin(), history.epochs.end());
    if (epochs.size() > 1) found.push_back({"epoch changed", fmt::format("{} epochs were seen", epochs.size())});
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Anomaly& anomaly) { return out << anomaly.rule << ": " << anomaly.detail; }

std::string text_of(std::int64_t conversation, std::int64_t seq) { return fmt::format("text {}/{}", conversation, seq); }

std::string reaction_of(std::int64_t conversation, std::int64_t seq, std::string_view emoji, std::int64_t user) {
    return fmt::format("reaction {}/{}/{}/{}", conversation, seq, emoji, user);
}

std::string member_of(std::int64_t conversation, std::int64_t user) { return fmt::format("member {}/{}", conversation, user); }

std::string file_of(std::int64_t file) { return fmt::format("file {}", file); }

Anomalies check(const History& history) {
    Anomalies found;
    check_logs(history, found);
    check_sends(history, found);
    check_order(history, found);
    check_streams(history, found);
    check_heads(history, found);
    check_pages(history, found);
    check_resumes(history, found);
    check_arrivals(history, found);
    check_sightings(history, found);
    check_marks(history, found);
    check_changes(history, found);
    check_state(history, found);
    check_files(history, found);
    check_epochs(history, found);
    for (const auto& surprise : history.surprises) found.push_back({"surprise", surprise});
    return found;
}

}  // namespace parley::faults
