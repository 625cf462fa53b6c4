// SPDX-License-Identifier: Apache-2.0
#include "api/realtime.hpp"

#include <future>

namespace parley::testing {
namespace {

/// `GET /sync?wait=`: an answer that waits for a change.
class SyncWait : public ::testing::Test {
protected:
    SyncWait() : group(create_group(ann, {&bob})), other_device(server.address()) {
        other_device.username = "ann";
        other_device.sign_in();
    }

    std::string cursor() { return ann.get("/sync")["cursor"].string(); }
    std::future<Answer> waiting(const std::string& after, const std::string& wait = "20s") {
        return std::async(std::launch::async, [this, target = "/sync?cursor=" + after + "&wait=" + wait] { return other_device.get(target); });
    }
    bool still_waits(const std::future<Answer>& answer) const { return answer.wait_for(300ms) == std::future_status::timeout; }
    static constexpr std::chrono::milliseconds soon{3000};

    TestServer server{{{"server.threads", "3"}}};
    ApiClient ann = server.sign_up("ann"), bob = server.sign_up("bob");
    std::int64_t group;
    ApiClient other_device;
};

TEST_F(SyncWait, AnswersWhenAMessageComes) {
    auto answer = waiting(cursor());
    EXPECT_TRUE(still_waits(answer));
    const auto seq = post_message(bob, group, "hi")["seq"].integer();
    ASSERT_EQ(answer.wait_for(soon), std::future_status::ready);
    const auto changes = answer.get();
    ASSERT_EQ(changes["conversations"].size(), 1U) << changes;
    EXPECT_EQ(changes["conversations"][0]["last_seq"], seq);
    EXPECT_EQ(changes["conversations"][0]["unread_count"], 1);
}

TEST_F(SyncWait, AnswersWhenOneIsAddedToAGroup) {
    auto answer = waiting(cursor());
    EXPECT_TRUE(still_waits(answer));
    const auto other = create_group(bob, {&ann});
    ASSERT_EQ(answer.wait_for(soon), std::future_status::ready);
    EXPECT_EQ(answer.get()["conversations"][0]["id"], other);
}

TEST_F(SyncWait, AnswersWhenAnotherDeviceReadsAndThenNotAgain) {
    post_message(bob, group, "hi");
    auto answer = waiting(cursor());
    EXPECT_TRUE(still_waits(answer));
    EXPECT_STATUS(ann.put(conversation_target(group, "/read"), {{"seq", 3}}), 200);
    ASSERT_EQ(answer.wait_for(soon), std::future_status::ready);
    const auto changes = answer.get();
    EXPECT_EQ(changes["conversations"][0]["last_read_seq"], 3);
    auto next = waiting(changes["cursor"].string());
    EXPECT_TRUE(still_waits(next)) << "the same change is told once";
    post_message(bob, group, "again");
    EXPECT_EQ(next.get()["conversations"][0]["last_seq"], 4);
}

TEST_F(SyncWait, AnswersAtOnceWhatHasChangedAlreadyOrWithoutACursor) {
    const auto before = cursor();
    post_message(bob, group, "hi");
    const auto began = moment();
    EXPECT_EQ(other_device.get("/sync?wait=20s&cursor=" + before)["conversations"].size(), 1U);
    EXPECT_EQ(other_device.get("/sync?wait=20s")["conversations"].size(), 1U);
    EXPECT_LT(moment() - began, soon);
}

TEST_F(SyncWait, EndsEmptyWithTheTime) {
    const auto began = moment();
    const auto answer = waiting(cursor(), "1s").get();
    EXPECT_STATUS(answer, 200);
    EXPECT_EQ(answer["conversations"].size(), 0U);
    EXPECT_GE(moment() - began, 1s);
    EXPECT_EQ(other_device.get("/sync?cursor=" + answer["cursor"].string())["conversations"].size(), 0U);
}

TEST_F(SyncWait, RefusesWhatIsNoDuration) {
    EXPECT_PROBLEM(ann.get("/sync?wait=long"), 400, "bad_query");
    EXPECT_PROBLEM(ann.get("/sync?wait=-1s&cursor=" + cursor()), 400, "bad_query");
}

TEST_F(SyncWait, EndsWithTheSession) {
    auto answer = waiting(cursor());
    EXPECT_TRUE(still_waits(answer));
    const auto sessions = ann.get("/auth/sessions");
    for (std::size_t i = 0; i < sessions["items"].size(); ++i) {
        if (!sessions["items"][i]["current"].boolean()) ann.remove("/auth/sessions/" + std::to_string(sessions["items"][i]["id"].integer()));
    }
    ASSERT_EQ(answer.wait_for(soon), std::future_status::ready);
    EXPECT_PROBLEM(answer.get(), 401, "auth.session_ended");
}

TEST_F(SyncWait, CountsAsOneOfTheUsersSockets) {
    auto answer = waiting(cursor());
    EXPECT_TRUE(still_waits(answer));
    std::vector<SocketClient> sockets;
    for (int i = 0; i < 63; ++i) sockets.push_back(SocketClient::with_token(server.address(), ann.token));
    EXPECT_PROBLEM(ann.get("/sync?wait=20s&cursor=" + cursor()), 429, "realtime.too_many_sockets");
    post_message(bob, group, "hi");
    EXPECT_STATUS(answer.get(), 200);
    EXPECT_TRUE(eventually([&] { return SocketClient::with_token(server.address(), ann.token).handshake().status == 101; })) << "its place is free";
}

TEST_F(SyncWait, EndsWithTheServer) {
    auto answer = waiting(cursor());
    EXPECT_TRUE(still_waits(answer));
    server.stop();
    EXPECT_PROBLEM(answer.get(), 503, "stopping");
}

}  // namespace
}  // namespace parley::testing
