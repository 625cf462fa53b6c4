// SPDX-License-Identifier: Apache-2.0
#include "faults/checker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>

namespace parley::faults {
namespace {

constexpr std::int64_t room = 7, ann = 1, bob = 2, eve = 3, second = 1'000'000'000;

std::vector<std::string> rules_of(const History& history) {
    std::vector<std::string> rules;
    for (const auto& anomaly : check(history)) rules.push_back(anomaly.rule);
    return rules;
}

/// A conversation of four messages, to be read in every way.
History good() {
    History history;
    auto& conversation = history.conversations[room];
    conversation.last_seq = 4;
    for (std::int64_t seq = 1; seq <= 4; ++seq) {
        const auto key = "a" + std::to_string(seq);
        history.sends.push_back({key, room, ann, "hello", {}, Outcome::ok, seq, {seq * 10, seq * 10 + 5}});
        conversation.log.push_back({seq, "message.created", key, ann, seq, 0, "", key});
        conversation.messages[seq] = {ann, key, "hello", {}, {}};
    }
    history.pages = {{"pager", room, 1, 2, 2, 4}, {"pager", room, 3, 5, 1, 4}, {"pager", room, 9, 5, 0, 4}};
    history.resumes = {{"reader", "e", "e", {{room, 2}}, Resume::Answer::continued, {{room, 4}}, {{room, 4}}, {}, {60, 70}},
                       {"reader", "e", "e", {{room, 4}}, Resume::Answer::continued, {{room, 4}}, {}, {}, {60, 70}},
                       {"reader", "e", "e", {{room, 0}}, Resume::Answer::continued, {}, {}, {room}, {60, 70}},
                       {"reader", "old", "e", {{room, 2}}, Resume::Answer::resync_required, {}, {}, {}, {60, 70}},
                       {"reader", "e", "e", {{room, 5}}, Resume::Answer::resync_required, {}, {}, {}, {60, 70}}};
    history.arrivals = {{"reader", room, 4, 4}};
    return history;
}

TEST(FaultCheckerOfReaders, FindsNothingWhereAllWentWell) { EXPECT_THAT(rules_of(good()), ::testing::IsEmpty()); }

TEST(FaultCheckerOfReaders, FindsAPageThatLeavesSomethingOut) {
    auto history = good();
    history.pages[0].events = 1;
    EXPECT_THAT(rules_of(history), ::testing::ElementsAre("holed read"));
}

TEST(FaultCheckerOfReaders, FindsAReplayThatEndsBeforeWhatItSays) {
    auto history = good();
    history.resumes[0].reached[room] = 3;
    EXPECT_THAT(rules_of(history), ::testing::ElementsAre("silent gap"));
    history = good();
    history.resumes[0].heads.clear();
    EXPECT_THAT(rules_of(history), ::testing::ElementsAre("silent gap"));
}

TEST(FaultCheckerOfReaders, AllowsAReplayThatRanIntoWhatIsNew) {
    auto history = good();
    history.resumes[0].heads[room] = 3;
    EXPECT_THAT(rules_of(history), ::testing::IsEmpty());
}

TEST(FaultCheckerOfReaders, FindsAResumeThatWentOnWithAnotherEpochOrFromBeyondTheEnd) {
    for (const std::size_t which : {3U, 4U}) {
        auto history = good();
        auto& resume = history.resumes[which];
        resume.answer = Resume::Answer::continued;
        resume.heads = resume.positions;
        EXPECT_THAT(rules_of(history), ::testing::ElementsAre("silent gap")) << which;
    }
}

TEST(FaultCheckerOfReaders, FindsAResumeThatWasRefusedThoughItsPositionIsKnown) {
    auto history = good();
    history.resumes[4].positions[room] = 4;
    EXPECT_THAT(rules_of(history), ::testing::ElementsAre("needless resync"));
}

TEST(FaultCheckerOfReaders, FindsAReaderWhoNeverArrives) {
    auto history = good();
    history.arrivals[0].reached = 3;
    EXPECT_THAT(rules_of(history), ::testing::ElementsAre("stuck"));
}

/// Eve is let in, removed, and sees something then.
History watched(std::int64_t moment) {
    auto history = good();
    auto& conversation = history.conversations[room];
    conversation.log.push_back({5, "member.joined", "joined", ann, 0, eve, "guest", ""});
    conversation.log.push_back({6, "member.left", "left", ann, 0, eve, "guest", ""});
    conversation.last_seq = 6;
    history.changes = {{member_of(room, eve), "guest", Outcome::ok, {1 * second, 2 * second}},
                       {member_of(room, eve), std::string{absent}, Outcome::ok, {3 * second, 4 * second}}};
    history.sightings = {{eve, room, 5, moment}};
    return history;
}

TEST(FaultCheckerOfReaders, FindsALeakToAnOutsiderAndToWhoWasRemovedLongAgo) {
    auto history = watched(2 * second);
    history.sightings[0].user = bob;
    EXPECT_THAT(rules_of(history), ::testing::ElementsAre("leak"));
    EXPECT_THAT(rules_of(watched(second / 2)), ::testing::ElementsAre("leak"));
    EXPECT_THAT(rules_of(watched(6 * second + 1)), ::testing::ElementsAre("leak"));
}

TEST(FaultCheckerOfReaders, AllowsWhatWasOnItsWayWhenAMemberWasRemoved) {
    EXPECT_THAT(rules_of(watched(5 * second)), ::testing::IsEmpty());
    EXPECT_THAT(rules_of(watched(3 * second / 2)), ::testing::IsEmpty());
    auto history = watched(9 * second);
    history.changes[1].outcome = Outcome::unknown;  // the removal may not have happened
    EXPECT_THAT(rules_of(history), ::testing::Not(::testing::Contains("leak")));
}

TEST(FaultCheckerOfReaders, DoesNotCountTheTimeThatAFrameWasHeld) {
    auto history = watched(9 * second);
    history.troubles = {{5 * second, 8 * second}};
    EXPECT_THAT(rules_of(history), ::testing::IsEmpty());
    history.troubles = {{1 * second, 5 * second}, {7 * second, 8 * second}, {10 * second, 20 * second}};
    EXPECT_THAT(rules_of(history), ::testing::ElementsAre("leak"));
}

}  // namespace
}  // namespace parley::faults
