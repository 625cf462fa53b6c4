// SPDX-License-Identifier: Apache-2.0
#include "faults/killing.hpp"
#include "faults/run.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <iostream>

namespace parley::faults {
namespace {

/// A start on a small folder, on a machine that is busy with the load of this test.
constexpr std::chrono::seconds longest_start{10};

void report(const Killing& killing, const History& history) {
    const auto count = [&](Outcome outcome) {
        return std::ranges::count_if(history.sends, [&](const Send& send) { return send.outcome == outcome; });
    };
    const auto by = [&](Moment moment) {
        const auto found = killing.kills_by_moment().find(moment);
        return found == killing.kills_by_moment().end() ? 0 : found->second;
    };
    auto starts = killing.starts();
    std::ranges::sort(starts);
    std::cout << "kills: " << killing.kills() << " (at an acknowledgement " << by(Moment::acknowledgement) << ", at any time " << by(Moment::any)
              << ", in a lull " << by(Moment::lull) << ", while starting " << by(Moment::starting) << ", while draining " << by(Moment::draining)
              << ")\nready again after (ms): median " << starts[starts.size() / 2].count() << ", longest " << starts.back().count()
              << "\nsends: acknowledged " << count(Outcome::ok) << ", unknown " << count(Outcome::unknown) << "; changes " << history.changes.size()
              << "; streams " << history.streams.size() << ", heads " << history.heads.size() << ", marks " << history.marks.size() << "; uploads "
              << history.uploads.size() << ", files " << history.files.size() << '\n';
}

TEST(Kills, LoseNothingThatWasAcknowledgedAndChangeNothingThatWasSeen) {
    const auto seed = seed_of_run();
    faults::Run run{seed};
    run.begin();
    Killing killing{run.server(), run.stage(), seed};
    while (killing.kills() < kills_of_run()) killing.kill_once();
    auto history = run.end();
    history.surprises.insert(history.surprises.end(), killing.surprises().begin(), killing.surprises().end());
    report(killing, history);
    expect_no_anomalies(history);
    EXPECT_LT(std::ranges::max(killing.starts()), longest_start);
    EXPECT_FALSE(history.sends.empty());
    if (::testing::Test::HasFailure()) std::cout << run.log();
}

}  // namespace
}  // namespace parley::faults
