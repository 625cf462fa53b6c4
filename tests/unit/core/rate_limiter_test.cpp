// SPDX-License-Identifier: Apache-2.0
#include "core/rate_limiter.hpp"

#include "support/fakes.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class RateLimiterTest : public ::testing::Test {
protected:
    bool allowed(std::string_view key) { return limiter.take(key, clock.steady()).allowed; }
    int allowed_of(int tries, std::string_view key) {
        int count = 0;
        for (int i = 0; i < tries; ++i) count += allowed(key) ? 1 : 0;
        return count;
    }

    testing::ManualClock clock;
    RateLimiter limiter{{"test", 5, minutes{15}}};
};

TEST_F(RateLimiterTest, AllowsTheBurstAndThenNoMore) { EXPECT_EQ(allowed_of(25, "ann"), 5); }

TEST_F(RateLimiterTest, CountsEachKeyByItself) {
    EXPECT_EQ(allowed_of(25, "ann"), 5);
    EXPECT_EQ(allowed_of(25, "bob"), 5);
}

TEST_F(RateLimiterTest, RefillsEvenlyOverTheWindow) {
    allowed_of(5, "ann");
    const auto wait = limiter.take("ann", clock.steady()).wait;
    EXPECT_EQ(wait, minutes{3});
    clock.advance(wait - seconds{1});
    EXPECT_FALSE(allowed("ann"));
    clock.advance(seconds{1});
    EXPECT_EQ(allowed_of(5, "ann"), 1);
}

TEST_F(RateLimiterTest, WhatIsGivenBackWasNeverTaken) {
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(allowed("ann"));
        limiter.give_back("ann", clock.steady());
    }
    limiter.give_back("ann", clock.steady());
    EXPECT_EQ(allowed_of(25, "ann"), 5) << "and never makes more room than there was";
}

}  // namespace
}  // namespace parley
