// SPDX-License-Identifier: Apache-2.0
#include "realtime/presence.hpp"

#include "support/fakes.hpp"

#include <gtest/gtest.h>

namespace parley::realtime {
namespace {

using enum PresenceStatus;

constexpr UserId ann{1}, bob{2};

class PresenceTest : public ::testing::Test {
protected:
    /// What was told since the last call: pairs of a user and a shard.
    std::vector<std::pair<UserId, std::size_t>> told() { return std::exchange(told_, {}); }
    PresenceStatus status(UserId user) const { return presence.look_at(user).status; }
    void pass(std::chrono::milliseconds time) {
        clock.advance(time);
        presence.tick();
    }
    const std::vector<std::pair<UserId, std::size_t>> nothing, of_ann{{ann, 0}};

    testing::ManualClock clock;
    Presence presence{clock, {.grace = 20s, .away_after = 5min, .frames_noted_every = 15s}, [this](UserId user, std::size_t shard) {
                          told_.emplace_back(user, shard);
                      }};

private:
    std::vector<std::pair<UserId, std::size_t>> told_;
};

TEST_F(PresenceTest, NobodyWasSeenYet) {
    const auto look = presence.look_at(ann);
    EXPECT_EQ(look.status, offline);
    EXPECT_FALSE(look.last_seen_at);
    EXPECT_EQ(presence.known(), 0U);
}

TEST_F(PresenceTest, OnlineWhileOneShardHasASocket) {
    presence.arrived(ann);
    presence.arrived(ann);
    presence.left(ann);
    pass(60s);
    EXPECT_EQ(status(ann), online);
    EXPECT_EQ(presence.look_at(ann).last_seen_at, clock.now());
}

TEST_F(PresenceTest, OfflineAfterTheGraceWithTheTimeOfTheCut) {
    presence.arrived(ann);
    const auto cut_at = clock.now();
    presence.left(ann);
    pass(19'999ms);
    EXPECT_EQ(status(ann), online);
    pass(1ms);
    EXPECT_EQ(status(ann), offline);
    EXPECT_EQ(presence.look_at(ann).last_seen_at, cut_at);
}

TEST_F(PresenceTest, TellsOnceThatAWatchedUserCameAndWent) {
    presence.watch(ann, 0);
    presence.arrived(ann);
    EXPECT_EQ(told(), of_ann);
    presence.left(ann);
    EXPECT_EQ(told(), nothing);
    pass(20s);
    EXPECT_EQ(told(), of_ann);
    pass(20s);
    EXPECT_EQ(told(), nothing);
}

TEST_F(PresenceTest, AReturnWithinTheGraceTellsNothing) {
    presence.watch(ann, 0);
    presence.arrived(ann);
    told();
    for (int i = 0; i < 5; ++i) {
        presence.left(ann);
        pass(19s);
        presence.arrived(ann);
    }
    pass(30s);
    EXPECT_EQ(told(), nothing);
    EXPECT_EQ(status(ann), online);
}

TEST_F(PresenceTest, EachGraceIsWhole) {
    presence.watch(ann, 0);
    presence.arrived(ann);
    presence.left(ann);
    pass(15s);
    presence.arrived(ann);
    presence.left(ann);
    told();
    pass(10s);
    EXPECT_EQ(status(ann), online) << "the first departure's grace is over, the second's is not";
    EXPECT_EQ(told(), nothing);
    pass(10s);
    EXPECT_EQ(told(), of_ann);
}

TEST_F(PresenceTest, AwayWithoutAFrameForFiveMinutes) {
    presence.watch(ann, 0);
    presence.arrived(ann);
    told();
    pass(4min);
    presence.active(ann);
    const auto last_frame = clock.now();
    pass(4min);
    EXPECT_EQ(told(), nothing);
    pass(1min);
    EXPECT_EQ(told(), of_ann);
    EXPECT_EQ(status(ann), away);
    EXPECT_EQ(presence.look_at(ann).last_seen_at, last_frame);
    presence.active(ann);
    EXPECT_EQ(told(), of_ann);
    EXPECT_EQ(status(ann), online);
    pass(5min);
    EXPECT_EQ(told(), of_ann) << "and away again";
}

TEST_F(PresenceTest, AwayUsersGoOfflineWithTheTimeOfTheCut) {
    presence.arrived(ann);
    pass(6min);
    presence.left(ann);
    const auto cut_at = clock.now();
    EXPECT_EQ(status(ann), away);
    pass(20s);
    EXPECT_EQ(status(ann), offline);
    EXPECT_EQ(presence.look_at(ann).last_seen_at, cut_at);
}

TEST_F(PresenceTest, WhoBeginsToWatchSomebodyIdleIsToldInTime) {
    presence.arrived(ann);
    pass(3min);
    presence.watch(ann, 0);
    pass(2min);
    EXPECT_EQ(told(), of_ann);
    EXPECT_EQ(status(ann), away);
}

TEST_F(PresenceTest, TellsEveryShardThatWatchesAndNoOther) {
    presence.watch(ann, 2);
    presence.watch(ann, 0);
    presence.watch(ann, 0);
    presence.watch(bob, 1);
    presence.arrived(ann);
    EXPECT_EQ(told(), (std::vector<std::pair<UserId, std::size_t>>{{ann, 2}, {ann, 0}}));
    presence.unwatch(ann, 2);
    presence.left(ann);
    pass(20s);
    EXPECT_EQ(told(), of_ann);
}

TEST_F(PresenceTest, UsersNobodyWatchesAreNotTold) {
    presence.arrived(ann);
    presence.active(ann);
    pass(6min);
    presence.left(ann);
    pass(20s);
    EXPECT_EQ(told(), nothing);
    presence.watch(ann, 0);
    presence.unwatch(ann, 0);
    presence.arrived(ann);
    EXPECT_EQ(told(), nothing);
}

TEST_F(PresenceTest, KeepsNothingOfWhoWasOnlyWatched) {
    presence.watch(ann, 0);
    EXPECT_EQ(presence.known(), 1U);
    presence.unwatch(ann, 0);
    EXPECT_EQ(presence.known(), 0U);
}

TEST_F(PresenceTest, RemembersTheLastOnesWhoLeftAndNoMore) {
    constexpr std::int64_t people = 70'000;
    for (std::int64_t id = 1; id <= people; ++id) {
        presence.arrived(UserId{id});
        presence.left(UserId{id});
    }
    pass(20s);
    EXPECT_LT(presence.known(), 66'000U);
    EXPECT_FALSE(presence.look_at(UserId{1}).last_seen_at);
    EXPECT_TRUE(presence.look_at(UserId{people}).last_seen_at);
}

TEST_F(PresenceTest, AJumpOfTheCalendarChangesNobody) {
    presence.arrived(ann);
    presence.left(ann);
    clock.jump(24h);
    EXPECT_EQ(status(ann), online);
    clock.jump(-48h);
    pass(20s);
    EXPECT_EQ(status(ann), offline);
}

}  // namespace
}  // namespace parley::realtime
