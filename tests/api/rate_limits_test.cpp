// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

using std::chrono::minutes, std::chrono::seconds;

/// api.md sections 1 and 9: what may be done how often.
class RateLimits : public ::testing::Test {
protected:
    TestServer server{{{"limits.rate_limits", "on"}}};
};

TEST_F(RateLimits, SendingShowsItsLimit) {
    auto ann = server.sign_up("ann");
    const auto answer = ann.post(conversation_target(create_group(ann), "/messages"), {{"text", "hi"}});
    EXPECT_STATUS(answer, 201);
    EXPECT_FALSE(answer.field("ratelimit-policy").empty());
    EXPECT_FALSE(answer.field("ratelimit").empty());
    EXPECT_FALSE(answer.has_field("retry-after"));
}

TEST_F(RateLimits, SendingIsFiftyAtOnceAndThenTenASecond) {
    auto ann = server.sign_up("ann"), bob = server.sign_up("bob");
    const auto target = conversation_target(create_group(ann, {&bob}), "/messages");
    int sent = 0;
    Answer answer;
    for (; sent < 200 && (answer = ann.post(target, {{"text", "hi"}})).status == 201; ++sent) {
    }
    EXPECT_GE(sent, 50);
    EXPECT_LT(sent, 200);
    EXPECT_PROBLEM(answer, 429, "rate_limited");
    EXPECT_EQ(answer.field("retry-after"), "1");
    EXPECT_FALSE(answer.field("ratelimit").empty());
    EXPECT_STATUS(bob.post(target, {{"text", "hi"}}), 201) << "each user their own";
    EXPECT_STATUS(ann.get(target), 200) << "reading goes on";
    server.clock().advance(seconds{1});
    EXPECT_STATUS(ann.post(target, {{"text", "hi"}}), 201);
}

TEST_F(RateLimits, SigningUpIsTwentyAnHourAndAddress) {
    auto nobody = server.anonymous();
    const auto sign_up = [&](int number) {
        return nobody.post("/users", {{"username", "user" + std::to_string(number)}, {"password", ApiClient::password}});
    };
    for (int i = 0; i < 20; ++i) EXPECT_EQ(sign_up(i).status, 201) << i;
    const auto refused = sign_up(20);
    EXPECT_PROBLEM(refused, 429, "rate_limited");
    EXPECT_GE(std::stoi(refused.field("retry-after")), 60);
    server.clock().advance(minutes{61});
    EXPECT_STATUS(sign_up(21), 201);
}

TEST_F(RateLimits, FiveFailedSignInsAndThenOneWaits) {
    auto ann = server.sign_up("ann"), bob = server.sign_up("bob");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(ann.sign_in("not this one").status, 401) << i;
    const auto refused = ann.sign_in();
    EXPECT_EQ(refused.status, 429) << "even with the right password: " << refused;
    EXPECT_GE(std::stoi(refused.field("retry-after")), 60);
    EXPECT_STATUS(bob.sign_in(), 200);
    server.clock().advance(minutes{16});
    EXPECT_STATUS(ann.sign_in(), 200);
}

TEST_F(RateLimits, SuccessfulSignInsAreNotCounted) {
    auto ann = server.sign_up("ann");
    for (int i = 0; i < 8; ++i) EXPECT_EQ(ann.sign_in().status, 200) << i;
}

TEST_F(RateLimits, AnUnknownNameIsLimitedAsAKnownOne) {
    const auto fail = [&] { return server.anonymous().post("/auth/token", {{"username", "nobody"}, {"password", "not this one"}}); };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(fail().status, 401) << i;
    EXPECT_EQ(fail().status, 429);
}

TEST(RateLimitsOff, LiftThemAll) {
    TestServer server;
    auto ann = server.sign_up("ann");
    const auto target = conversation_target(create_group(ann), "/messages");
    int sent = 0;
    while (sent < 80 && ann.post(target, {{"text", "hi"}}).status == 201) ++sent;
    EXPECT_EQ(sent, 80);
    for (int i = 0; i < 7; ++i) EXPECT_EQ(ann.sign_in("not this one").status, 401) << i;
    EXPECT_STATUS(ann.sign_in(), 200);
}

}  // namespace
}  // namespace parley::testing
