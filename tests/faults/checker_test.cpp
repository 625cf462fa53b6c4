// SPDX-License-Identifier: Apache-2.0
#include "faults/checker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>

namespace parley::faults {
namespace {

constexpr std::int64_t room = 7, ann = 1, bob = 2, picture = 50;

/// A short run in which all went well: Ann and Bob in a conversation, a message of each, a reaction, an edit, a file.
History good() {
    History history;
    history.sends = {
        {"a1", room, ann, "hello", {picture}, Outcome::ok, 3, {100, 110}},
        {"b1", room, bob, "hi", {}, Outcome::unknown, 0, {120, 130}},
        {"b1", room, bob, "hi", {}, Outcome::ok, 4, {200, 210}},
    };
    history.changes = {
        {text_of(room, 4), "hi there", Outcome::ok, {220, 230}},
        {reaction_of(room, 3, "👍", bob), "👍", Outcome::ok, {240, 250}},
    };
    history.streams = {
        {"reader 1", room, 2, {{3, "created a1", "bytes 3"}, {4, "created b1", "bytes 4"}}},
        {"reader 2", room, std::nullopt, {{4, "created b1", "bytes 4"}, {5, "edited 4", ""}}},
    };
    history.heads = {{"pager", room, 4, {300, 310}}};
    history.marks = {{ann, room, 3, {320, 330}}, {ann, room, 4, {340, 350}}};
    history.uploads = {{"cat.png", 9, "abc", Outcome::ok, picture}};
    history.epochs = {"e", "e"};
    auto& conversation = history.conversations[room];
    conversation.last_seq = 6;
    conversation.log = {
        {1, "member.joined", "joined 1", ann, 0, ann, "owner", ""}, {2, "member.joined", "joined 2", ann, 0, bob, "member", ""},
        {3, "message.created", "created a1", ann, 3, 0, "", "a1"},  {4, "message.created", "created b1", bob, 4, 0, "", "b1"},
        {5, "message.edited", "edited 4", bob, 4, 0, "", ""},       {6, "reaction.added", "reaction", bob, 3, bob, "👍", ""},
    };
    conversation.messages = {{3, {ann, "a1", "hello", {picture}, {{"👍", {bob}}}}}, {4, {bob, "b1", "hi there", {}, {}}}};
    conversation.members = {{ann, {"owner", 4, 0}}, {bob, {"member", 4, 0}}};
    history.files = {{picture, {"cat.png", 9, "abc", "abc"}}};
    history.disk = {{"blob"}, {{"blob", true}}, {}};
    return history;
}

/// Whether the checker reports this rule, and nothing where the history is good.
bool reports(const History& history, const std::string& rule) {
    return std::ranges::any_of(check(history), [&](const Anomaly& anomaly) { return anomaly.rule == rule; });
}

TEST(FaultChecker, FindsNothingInARunThatWentWell) { EXPECT_THAT(check(good()), ::testing::IsEmpty()); }

TEST(FaultChecker, FindsAnAcknowledgedMessageThatIsLost) {
    auto history = good();
    history.conversations[room].messages.erase(4);
    auto& log = history.conversations[room].log;
    log.erase(log.begin() + 3);
    EXPECT_TRUE(reports(history, "lost write"));
    EXPECT_TRUE(reports(history, "gap"));
}

TEST(FaultChecker, FindsAnAcknowledgedMessageAtAnotherSeq) {
    auto history = good();
    history.sends[0].seq = 9;
    EXPECT_TRUE(reports(history, "lost write"));
}

TEST(FaultChecker, FindsAKeyThatStandsTwice) {
    auto history = good();
    auto& conversation = history.conversations[room];
    conversation.log.push_back({7, "message.created", "created b1", bob, 7, 0, "", "b1"});
    conversation.messages[7] = {bob, "b1", "hi", {}, {}};
    conversation.last_seq = 7;
    EXPECT_TRUE(reports(history, "duplicate"));
}

TEST(FaultChecker, FindsAKeyThatWasAnsweredWithTwoSeqs) {
    auto history = good();
    history.sends[1].outcome = Outcome::ok;
    history.sends[1].seq = 3;
    EXPECT_TRUE(reports(history, "duplicate"));
}

TEST(FaultChecker, FindsWhatNobodySentAndWhatWasRefused) {
    auto history = good();
    history.sends.erase(history.sends.begin());
    EXPECT_TRUE(reports(history, "phantom"));
    history = good();
    history.sends[0].outcome = Outcome::refused;
    EXPECT_TRUE(reports(history, "phantom"));
}

TEST(FaultChecker, AllowsAnUnacknowledgedSendToBeThereOrNot) {
    auto history = good();
    history.sends.pop_back();
    EXPECT_THAT(check(history), ::testing::IsEmpty());
    history.sends.push_back({"b2", room, bob, "never arrived", {}, Outcome::unknown, 0, {400, 410}});
    EXPECT_THAT(check(history), ::testing::IsEmpty());
}

TEST(FaultChecker, FindsASeqThatIsGivenTwiceOrLeftOut) {
    auto history = good();
    history.conversations[room].log[4].seq = 4;
    EXPECT_TRUE(reports(history, "reuse"));
    history = good();
    history.conversations[room].last_seq = 8;
    EXPECT_TRUE(reports(history, "gap"));
}

TEST(FaultChecker, FindsALaterMessageThatStandsBeforeAnEarlierOne) {
    auto history = good();
    history.sends[0].span = {500, 510};
    EXPECT_TRUE(reports(history, "real-time reorder"));
}

TEST(FaultChecker, FindsABreakInAStreamAndAtItsResume) {
    auto history = good();
    history.streams[0].events.erase(history.streams[0].events.begin());
    EXPECT_TRUE(reports(history, "silent gap"));
    history = good();
    history.streams[1].events[1].seq = 6;
    EXPECT_TRUE(reports(history, "silent gap"));
}

TEST(FaultChecker, FindsReadersThatSawDifferentEvents) {
    auto history = good();
    history.streams[0].events[1].identity = "created by somebody else";
    EXPECT_TRUE(reports(history, "split view"));
    history = good();
    history.streams[1].events[0].bytes = "other bytes";
    EXPECT_TRUE(reports(history, "split view"));
}

TEST(FaultChecker, FindsAnEventThatWasShownAndIsGone) {
    auto history = good();
    history.streams[0].events.push_back({5, "edited 4", ""});
    history.streams[0].events.push_back({6, "reaction", ""});
    history.streams[0].events.push_back({7, "created b9", ""});
    EXPECT_TRUE(reports(history, "phantom"));
}

TEST(FaultChecker, FindsAnAnswerThatIsOlderThanWhatWasKnown) {
    auto history = good();
    history.heads[0].last_seq = 3;
    EXPECT_TRUE(reports(history, "stale read"));
}

TEST(FaultChecker, FindsAMarkThatMovesBack) {
    auto history = good();
    history.marks[1].seq = 2;
    EXPECT_TRUE(reports(history, "mark moved back"));
    history = good();
    history.conversations[room].members[ann] = {"owner", 2, 1};
    EXPECT_TRUE(reports(history, "mark moved back"));
}

TEST(FaultChecker, FindsAnEditAReactionAndAMemberThatAreLost) {
    auto history = good();
    history.conversations[room].messages[4].text = "hi";
    EXPECT_TRUE(reports(history, "lost update"));
    history = good();
    history.changes.push_back({reaction_of(room, 3, "👍", bob), std::string{absent}, Outcome::ok, {260, 270}});
    EXPECT_TRUE(reports(history, "lost update"));
    history = good();
    history.changes.push_back({member_of(room, 9), "member", Outcome::ok, {260, 270}});
    EXPECT_TRUE(reports(history, "lost update"));
}

TEST(FaultChecker, AllowsAnUnacknowledgedChangeToHoldOrNot) {
    auto history = good();
    history.changes.push_back({text_of(room, 3), "hello all", Outcome::unknown, {260, 270}});
    EXPECT_THAT(check(history), ::testing::IsEmpty());
    auto& conversation = history.conversations[room];
    conversation.log.push_back({7, "message.edited", "edited 3", ann, 3, 0, "", ""});
    conversation.messages[3].text = "hello all";
    conversation.last_seq = 7;
    EXPECT_THAT(check(history), ::testing::IsEmpty());
}

TEST(FaultChecker, FindsAMessageWithAnotherText) {
    auto history = good();
    history.conversations[room].messages[3].text = "hell";
    EXPECT_TRUE(reports(history, "lost update"));
}

TEST(FaultChecker, FindsAnEditThatIsTwiceInTheLog) {
    auto history = good();
    history.conversations[room].log.push_back({7, "message.edited", "edited 4", bob, 4, 0, "", ""});
    history.conversations[room].last_seq = 7;
    EXPECT_TRUE(reports(history, "lost update"));
}

TEST(FaultChecker, FindsALogThatDisagreesWithItsTables) {
    auto history = good();
    history.conversations[room].messages[3].reactions.clear();
    EXPECT_TRUE(reports(history, "torn"));
    history = good();
    history.conversations[room].members[bob].role = "admin";
    EXPECT_TRUE(reports(history, "torn"));
    history = good();
    history.conversations[room].members[ann].unread = 1;
    EXPECT_TRUE(reports(history, "torn"));
}

TEST(FaultChecker, FindsAReactionThatIsRecordedTwice) {
    auto history = good();
    auto& log = history.conversations[room].log;
    log.push_back(log.back());
    log.back().seq = 7;
    history.conversations[room].last_seq = 7;
    EXPECT_TRUE(reports(history, "duplicate"));
}

TEST(FaultChecker, FindsAFileThatIsLostOrDamaged) {
    auto history = good();
    history.files.clear();
    EXPECT_TRUE(reports(history, "lost write"));
    history = good();
    history.files[picture].content_sha256 = "abd";
    EXPECT_TRUE(reports(history, "torn"));
}

TEST(FaultChecker, FindsBytesWithoutARowAndARowWithoutBytes) {
    auto history = good();
    history.disk.blobs.emplace_back("orphan");
    EXPECT_TRUE(reports(history, "torn"));
    history = good();
    history.disk.blobs.clear();
    EXPECT_TRUE(reports(history, "torn"));
    history = good();
    history.disk.rows.emplace_back("unfinished", false);
    EXPECT_TRUE(reports(history, "torn"));
}

TEST(FaultChecker, FindsAnotherEpochAndPassesSurprisesOn) {
    auto history = good();
    history.epochs.emplace_back("f");
    EXPECT_TRUE(reports(history, "epoch changed"));
    history = good();
    history.surprises.emplace_back("signed out");
    EXPECT_TRUE(reports(history, "surprise"));
}

}  // namespace
}  // namespace parley::faults
