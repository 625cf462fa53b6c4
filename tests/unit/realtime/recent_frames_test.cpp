// SPDX-License-Identifier: Apache-2.0
#include "realtime/recent_frames.hpp"

#include <gtest/gtest.h>
#include <string>

namespace parley::realtime {
namespace {

constexpr std::size_t plenty = 1024 * 1024;

websocket::FramePtr frame(Seq seq) { return websocket::prepare_text("event " + std::to_string(seq)); }

/// One conversation's events first … last; gives the place of the last one.
RecentFrames::Place add(RecentFrames& recent, Seq first, Seq last, RecentFrames::Place before = RecentFrames::nowhere) {
    for (auto seq = first; seq <= last; ++seq) before = recent.add(seq, frame(seq), before);
    return before;
}

void expect_frames(const std::optional<std::vector<websocket::FramePtr>>& found, Seq first, Seq last) {
    ASSERT_TRUE(found.has_value());
    ASSERT_EQ(std::ssize(*found), last - first + 1);
    for (auto seq = first; seq <= last; ++seq) EXPECT_EQ((*found)[static_cast<std::size_t>(seq - first)]->bytes(), frame(seq)->bytes());
}

TEST(RecentFrames, GivesWhatLiesBehindAPositionInOrder) {
    RecentFrames recent;
    const auto newest = add(recent, 5, 9);
    expect_frames(recent.after(4, newest, plenty), 5, 9);
    expect_frames(recent.after(7, newest, plenty), 8, 9);
    EXPECT_TRUE(recent.after(8, newest, plenty).has_value());
}

TEST(RecentFrames, GivesNothingWhereOneIsMissing) {
    RecentFrames recent;
    const auto newest = add(recent, 5, 9);
    EXPECT_EQ(recent.after(3, newest, plenty), std::nullopt) << "4 was never there";
    EXPECT_EQ(recent.after(5, RecentFrames::nowhere, plenty), std::nullopt);
}

TEST(RecentFrames, KeepsConversationsApart) {
    RecentFrames recent;
    auto a = RecentFrames::nowhere, b = RecentFrames::nowhere;
    for (Seq seq = 1; seq <= 10; ++seq) {
        a = recent.add(seq, frame(seq), a);
        b = recent.add(seq + 100, frame(seq + 100), b);
    }
    expect_frames(recent.after(0, a, plenty), 1, 10);
    expect_frames(recent.after(105, b, plenty), 106, 110);
}

TEST(RecentFrames, ForgetsTheOldestBeyondItsEntries) {
    RecentFrames recent{{.entries = 4}};
    const auto newest = add(recent, 1, 10);
    expect_frames(recent.after(6, newest, plenty), 7, 10);
    EXPECT_EQ(recent.after(5, newest, plenty), std::nullopt);
}

TEST(RecentFrames, ForgetsTheOldestBeyondItsBytes) {
    const auto one = frame(1)->bytes().size();
    RecentFrames recent{{.entries = 100, .bytes = 3 * one}};
    const auto newest = add(recent, 1, 9);
    expect_frames(recent.after(6, newest, plenty), 7, 9);
    EXPECT_EQ(recent.after(5, newest, plenty), std::nullopt);
}

TEST(RecentFrames, DoesNotKeepAFrameAboveItsLimit) {
    RecentFrames recent{{.entries = 100, .bytes = 4}};
    const auto newest = add(recent, 1, 3);
    EXPECT_EQ(recent.after(2, newest, plenty), std::nullopt);
}

TEST(RecentFrames, LeavesManyBytesToTheLog) {
    RecentFrames recent;
    const auto newest = add(recent, 1, 100);
    EXPECT_EQ(recent.after(0, newest, 200), std::nullopt);
    expect_frames(recent.after(90, newest, 200), 91, 100);
}

}  // namespace
}  // namespace parley::realtime
