// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/history.hpp"

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace parley::faults {

/// Something that must not be.
struct Anomaly {
    std::string rule;    // "lost write"
    std::string detail;  // where
};
std::ostream& operator<<(std::ostream& out, const Anomaly& anomaly);

using Anomalies = std::vector<Anomaly>;

/// Everything in a run that breaks a promise of the server. The rules:
/// - "lost write": an acknowledged message is not in its log at its seq; an acknowledged file is not there;
/// - "duplicate": a key stands twice in a log, or was answered with two seqs; an event tells of what had not changed;
/// - "phantom": the log or a reader has what nobody sent, or what was refused;
/// - "gap": the seqs of a log are not 1..last_seq;
/// - "real-time order": a message was acknowledged before another was sent, and stands behind it;
/// - "stale read": an answer to a question does not know what had been told before it was asked;
/// - "broken stream": a reader's events are not strictly consecutive, or a resume did not go on where it was asked to;
/// - "split view": two have seen different events in one place;
/// - "lost update": something does not have the value it was last given;
/// - "torn": two tables, or a table and the disk, disagree;
/// - "mark moved back", "epoch changed", and "surprise", which a client met.
Anomalies check(const History& history);

/// The parts of `check`.
void check_logs(const History& history, Anomalies& found);
void check_sends(const History& history, Anomalies& found);
void check_order(const History& history, Anomalies& found);
void check_streams(const History& history, Anomalies& found);
void check_heads(const History& history, Anomalies& found);
void check_marks(const History& history, Anomalies& found);
void check_changes(const History& history, Anomalies& found);
void check_state(const History& history, Anomalies& found);
void check_files(const History& history, Anomalies& found);

/// The value of a message's text register once it is deleted, and of anything else that is not there.
inline constexpr std::string_view deleted = "(deleted)", absent = "(absent)";

/// The names of what can be changed.
std::string text_of(std::int64_t conversation, std::int64_t seq);
std::string reaction_of(std::int64_t conversation, std::int64_t seq, std::string_view emoji, std::int64_t user);
std::string member_of(std::int64_t conversation, std::int64_t user);
std::string file_of(std::int64_t file);

}  // namespace parley::faults
