// SPDX-License-Identifier: Apache-2.0
#include "realtime/typing.hpp"

#include "support/fakes.hpp"

#include <gtest/gtest.h>
#include <string>

namespace parley::realtime {
namespace {

/// The rate by which Typing passes on; who hears it is tests/api/typing_test.cpp's.
class TypingRateTest : public ::testing::Test {
protected:
    bool passed_on(const std::string& key) { return told.take(key, clock.steady()).allowed; }

    testing::ManualClock clock;
    RateLimiter told{typing_rate};
};

TEST_F(TypingRateTest, OneInThreeSecondsIsPassedOn) {
    int count = 0;
    for (int i = 0; i < 90; ++i) {  // nine seconds of somebody who tells it with every key
        count += passed_on("1 7") ? 1 : 0;
        clock.advance(100ms);
    }
    EXPECT_EQ(count, 3);
}

TEST_F(TypingRateTest, WhatWasSwallowedDoesNotPutOffTheNext) {
    EXPECT_TRUE(passed_on("1 7"));
    clock.advance(2900ms);
    EXPECT_FALSE(passed_on("1 7"));
    clock.advance(100ms);
    EXPECT_TRUE(passed_on("1 7"));
}

TEST_F(TypingRateTest, UsersAndConversationsCountApart) {
    EXPECT_TRUE(passed_on("1 7"));
    EXPECT_TRUE(passed_on("2 7"));
    EXPECT_TRUE(passed_on("1 8"));
    EXPECT_FALSE(passed_on("1 7"));
}

}  // namespace
}  // namespace parley::realtime
