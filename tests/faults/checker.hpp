// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/history.hpp"

#include <chrono>
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

/// Everything in a run that breaks a promise of the server. The rules, after those of a checker of histories by their numbers:
/// - C1 "lost write": an acknowledged message is not in its log at its seq; an acknowledged file is not there;
/// - C2 "duplicate": a key stands twice in a log, or was answered with two seqs; an event tells of what had not changed;
/// - C3 "phantom": the log or a reader has what nobody sent, or what was refused;
/// - C4 "gap", "reuse": the seqs of a log are not 1..last_seq; one stands twice;
/// - C5 "real-time reorder": a message was acknowledged before another was sent, and stands behind it;
/// - C6 "stale read", "holed read": an answer does not know what had been told before it was asked for; a page leaves out what it should hold;
/// - C7 "split view": two have seen different events in one place;
/// - C8 "silent gap": a reader's events are not strictly consecutive; a resume did not go on where it was asked to, or ended before what it says it
///   replayed, or went on where only "resync required" is true; "needless resync": it did not go on though it could;
/// - C9 "lost update": something does not have the value it was last given, or the log has another number of edits;
/// - C10 "stuck": a reader is not at the head five seconds after all was well again;
/// - C11 "torn": two tables, or a table and the disk, disagree;
/// - C12 "leak": something of a conversation reached somebody who was no member, or no longer one for `revocation_grace`;
/// - "mark moved back", "epoch changed", and "surprise", which a client met.
Anomalies check(const History& history);

/// The parts of `check`.
void check_logs(const History& history, Anomalies& found);
void check_sends(const History& history, Anomalies& found);
void check_order(const History& history, Anomalies& found);
void check_streams(const History& history, Anomalies& found);
void check_heads(const History& history, Anomalies& found);
void check_pages(const History& history, Anomalies& found);
void check_resumes(const History& history, Anomalies& found);
void check_arrivals(const History& history, Anomalies& found);
void check_sightings(const History& history, Anomalies& found);
void check_marks(const History& history, Anomalies& found);
void check_changes(const History& history, Anomalies& found);
void check_state(const History& history, Anomalies& found);
void check_files(const History& history, Anomalies& found);

/// What was on its way to a member when they were removed may still arrive.
inline constexpr std::chrono::seconds revocation_grace{2};

/// The value of a message's text register once it is deleted, and of anything else that is not there.
inline constexpr std::string_view deleted = "(deleted)", absent = "(absent)";

/// The names of what can be changed.
std::string text_of(std::int64_t conversation, std::int64_t seq);
std::string reaction_of(std::int64_t conversation, std::int64_t seq, std::string_view emoji, std::int64_t user);
std::string member_of(std::int64_t conversation, std::int64_t user);
std::string file_of(std::int64_t file);

}  // namespace parley::faults
