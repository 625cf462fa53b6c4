// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

using std::chrono::seconds, std::chrono::minutes, std::chrono::hours;

/// api.md section 2: signing in and out, refreshing, devices, tickets.
class Sessions : public ApiTest {
protected:
    static Answer refresh(const std::string& token) { return anonymous().post("/auth/refresh", {{"refresh_token", token}}); }
    /// The same person on another device.
    static ApiClient another_device(const ApiClient& user) {
        auto device = anonymous();
        device.username = user.username;
        EXPECT_EQ(device.sign_in().status, 200);
        return device;
    }
    static bool dies_within_two_seconds(ApiClient& user) {
        return eventually([&] { return user.get("/users/me").status == 401; }, seconds{2});
    }
    static std::string current_session(ApiClient& user) {
        for (const auto& session : user.get("/auth/sessions")["items"].items()) {
            if (session["current"] == true) return std::to_string(session["id"].integer());
        }
        return "none";
    }
};

TEST_F(Sessions, SigningInGivesTokensAndTheUser) {
    auto ann = sign_up("ann");
    const auto answer = ann.sign_in();
    EXPECT_STATUS(answer, 200);
    EXPECT_EQ(answer["token_type"], "Bearer");
    EXPECT_EQ(answer["expires_in"], 600);
    EXPECT_EQ(answer["user"]["id"], ann.id);
    EXPECT_EQ(answer["user"]["is_admin"], false);
    EXPECT_STATUS(ann.get("/users/me"), 200);
    EXPECT_TRUE(answer.field("cache-control").contains("no-store"));
}

TEST_F(Sessions, TheNameIsFoldedWhenSigningInToo) {
    const auto number = fresh("");
    ASSERT_EQ(anonymous().post("/users", {{"username", "Zo\u00EB" + number}, {"password", ApiClient::password}}).status, 201);
    auto zoe = anonymous();
    for (const auto* name : {"ZO\u00CB", "zo\u00EB", "Zoe\u0308"}) {
        zoe.username = name + number;
        EXPECT_EQ(zoe.sign_in().status, 200) << name;
    }
}

TEST_F(Sessions, AnEmailSignsInInAnyCase) {
    const auto name = fresh("ann"), email = fresh("Ann") + "@example.org";
    ASSERT_EQ(anonymous().post("/users", {{"username", name}, {"password", ApiClient::password}, {"email", email}}).status, 201);
    EXPECT_EQ(anonymous().post("/auth/token", {{"username", email}, {"password", ApiClient::password}})["user"]["username"], name);
}

TEST_F(Sessions, AWrongPasswordAndAnUnknownNameAreAnsweredAlike) {
    auto ann = sign_up("ann");
    const auto wrong = ann.sign_in("not this one");
    const auto unknown = anonymous().post("/auth/token", {{"username", fresh("nobody")}, {"password", "not this one"}});
    EXPECT_PROBLEM(wrong, 401, "auth.invalid_credentials");
    EXPECT_PROBLEM(unknown, 401, "auth.invalid_credentials");
    EXPECT_EQ(wrong["detail"], unknown["detail"]);
}

TEST_F(Sessions, RefreshingRotatesBothTokens) {
    auto ann = sign_up("ann");
    const auto answer = refresh(ann.refresh_token);
    ASSERT_EQ(answer.status, 200) << answer;
    EXPECT_FALSE(answer["refresh_token"] == ann.refresh_token);
    EXPECT_EQ(answer["user"]["id"], ann.id);
    ann.token = answer["access_token"].string();
    EXPECT_STATUS(ann.get("/users/me"), 200);
    EXPECT_STATUS(refresh(answer["refresh_token"].string()), 200);
}

TEST_F(Sessions, AUsedRefreshTokenEndsTheWholeFamily) {
    auto ann = sign_up("ann");
    const auto stolen = ann.refresh_token;
    const auto second = refresh(stolen);
    const auto third = refresh(second["refresh_token"].string());
    ASSERT_EQ(third.status, 200) << third;
    EXPECT_EQ(refresh(stolen).status, 401);
    EXPECT_EQ(refresh(third["refresh_token"].string()).status, 401) << "the newest of the family is dead";
    ann.token = third["access_token"].string();
    EXPECT_TRUE(dies_within_two_seconds(ann));
}

TEST_F(Sessions, AFamilyEndsAloneOthersLiveOn) {
    auto phone = sign_up("ann");
    auto laptop = another_device(phone);
    ASSERT_EQ(refresh(phone.refresh_token).status, 200);
    EXPECT_EQ(refresh(phone.refresh_token).status, 401);
    EXPECT_STATUS(laptop.get("/users/me"), 200);
    EXPECT_STATUS(refresh(laptop.refresh_token), 200);
}

TEST_F(Sessions, OfTwoWhoRefreshAtOnceOneSucceedsAtMost) {
    auto ann = sign_up("ann");
    std::atomic<int> succeeded = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 4; ++i) {
            callers.emplace_back([&] {
                if (refresh(ann.refresh_token).status == 200) ++succeeded;
            });
        }
    }
    EXPECT_EQ(succeeded, 1);
}

TEST_F(Sessions, AForgedRefreshTokenIsRefused) {
    auto ann = sign_up("ann");
    auto forged = ann.refresh_token;
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    for (const auto& token : {forged, std::string{"nonsense"}, std::string{}, ann.token, ann.refresh_token + "A"})
        EXPECT_EQ(refresh(token).status, 401);
    EXPECT_STATUS(refresh(ann.refresh_token), 200) << "a forged one does not end the family";
}

/// Connections go to the shards in turn, so that some of these ask another one than the one that ended the session.
TEST_F(Sessions, WhoSignedOutIsOutEverywhereAtOnce) {
    const auto ann = sign_up("ann");
    for (int round = 0; round < 20; ++round) {
        auto user = another_device(ann);
        std::vector<HttpClient> connections;
        for (int i = 0; i < 6; ++i) connections.emplace_back(server().address());
        const Fields fields{{"Authorization", "Bearer " + user.token}};
        for (auto& connection : connections) ASSERT_EQ(connection.request("GET", "/api/v1/users/me", fields).status, 200);
        ASSERT_EQ(user.post("/auth/logout").status, 204);
        for (auto& connection : connections) ASSERT_EQ(connection.request("GET", "/api/v1/users/me", fields).status, 401) << "round " << round;
    }
}

TEST_F(Sessions, LoggingOutEndsThisSessionOnly) {
    auto phone = sign_up("ann");
    auto laptop = another_device(phone);
    EXPECT_STATUS(phone.post("/auth/logout"), 204);
    EXPECT_TRUE(dies_within_two_seconds(phone));
    EXPECT_EQ(refresh(phone.refresh_token).status, 401);
    EXPECT_STATUS(laptop.get("/users/me"), 200);
}

TEST_F(Sessions, DevicesAreListedWithTheCurrentOneMarked) {
    auto phone = sign_up("ann");
    auto laptop = anonymous();
    const auto signed_in = laptop.send("POST", "/auth/token", {{"Content-Type", "application/json"}, {"User-Agent", "Laptop/7"}},
                                       boost::json::serialize(boost::json::value{{"username", phone.username}, {"password", ApiClient::password}}));
    laptop.token = signed_in["access_token"].string();
    const auto sessions = laptop.get("/auth/sessions")["items"].items();
    ASSERT_EQ(sessions.size(), 2U);
    for (const auto& session : sessions) {
        EXPECT_EQ(session["current"], session["user_agent"] == "Laptop/7");
        EXPECT_EQ(session["ip"], "127.0.0.1");
        for (const auto* member : {"id", "created_at", "last_used_at"}) EXPECT_TRUE(session.has(member)) << member;
    }
}

TEST_F(Sessions, ADeviceIsSentAwayFromAnother) {
    auto phone = sign_up("ann");
    auto laptop = another_device(phone);
    EXPECT_STATUS(laptop.remove("/auth/sessions/" + current_session(phone)), 204);
    EXPECT_TRUE(dies_within_two_seconds(phone));
    EXPECT_EQ(refresh(phone.refresh_token).status, 401);
    EXPECT_EQ(laptop.get("/auth/sessions")["items"].size(), 1U);
}

TEST_F(Sessions, OfOthersAreNotThere) {
    auto ann = sign_up("ann"), eve = sign_up("eve");
    EXPECT_EQ(eve.remove("/auth/sessions/" + current_session(ann)).status, 404);
    EXPECT_STATUS(ann.get("/users/me"), 200);
}

TEST_F(Sessions, ATicketOpensOneSocketOnce) {
    auto ann = sign_up("ann");
    const auto answer = ann.post("/auth/ticket");
    EXPECT_STATUS(answer, 200);
    EXPECT_EQ(answer["expires_in"], 30);
    const boost::json::value frame{{"type", "auth"}, {"ticket", answer["ticket"].string()}};
    SocketClient first{server().address()}, second{server().address()};
    first.send(frame);
    EXPECT_EQ(first.wait_for_type("hello")["user_id"], ann.id);
    second.send(frame);
    EXPECT_EQ(second.wait_for_close().code, 4001);
}

TEST_F(Sessions, ATicketIsNoAccessToken) {
    auto ann = sign_up("ann");
    const auto ticket = ann.post("/auth/ticket")["ticket"].string();
    EXPECT_EQ(ann.send("GET", "/users/me", {{"Authorization", "Bearer " + ticket}}).status, 401);
}

TEST(SessionTimes, AnAccessTokenEndsAfterItsTimeWithoutLeeway) {
    TestServer server;
    auto ann = server.sign_up("ann");
    server.clock().advance(minutes{10} - seconds{5});
    EXPECT_STATUS(ann.get("/users/me"), 200);
    server.clock().advance(seconds{6});
    EXPECT_PROBLEM(ann.get("/users/me"), 401, "auth.token_expired");
    EXPECT_STATUS(server.anonymous().post("/auth/refresh", {{"refresh_token", ann.refresh_token}}), 200);
}

TEST(SessionTimes, ARefreshTokenEndsAfterItsTime) {
    TestServer server;
    auto ann = server.sign_up("ann");
    server.clock().advance(hours{24 * 30} + seconds{1});
    EXPECT_EQ(server.anonymous().post("/auth/refresh", {{"refresh_token", ann.refresh_token}}).status, 401);
}

TEST(SessionTimes, ATicketEndsAfterThirtySeconds) {
    TestServer server;
    auto ann = server.sign_up("ann");
    const auto ticket = ann.post("/auth/ticket")["ticket"].string();
    server.clock().advance(seconds{31});
    SocketClient socket{server.address()};
    socket.send({{"type", "auth"}, {"ticket", ticket}});
    EXPECT_EQ(socket.wait_for_close().code, 4001);
}

TEST(SessionTimes, WhatWasRevokedStaysSoThroughARestart) {
    TestServer server;
    auto ann = server.sign_up("ann"), bob = server.sign_up("bob");
    EXPECT_STATUS(ann.post("/auth/logout"), 204);
    server.restart();
    EXPECT_EQ(ann.get("/users/me").status, 401);
    EXPECT_STATUS(bob.get("/users/me"), 200);
}

}  // namespace
}  // namespace parley::testing
