// SPDX-License-Identifier: Apache-2.0
#include "api/origin.hpp"

#include <fmt/format.h>

namespace parley::testing {
namespace {

TEST_F(OriginApi, WhatIsSaidInAGroupReachesAllItsSockets) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto name = fresh("g");
    const auto group = make_group(ann, name);
    join(bob, group);
    auto from_ann = open_group(ann, name), from_bob = open_group(bob, name);
    auto other = open_socket(bob);
    other.wait_for_type("hello");
    from_ann.send({{"message", "hi"}, {"more", 1}});
    EXPECT_EQ(from_ann.next(), boost::json::value({{"message", "hi"}}));
    EXPECT_EQ(from_bob.next(), boost::json::value({{"message", "hi"}}));
    EXPECT_EQ(other.wait_for_event("message.created")["data"]["message"]["text"], "hi");
    post_message(bob, group, "over the new API");
    EXPECT_EQ(from_ann.next()["message"], "over the new API");
    EXPECT_EQ(call(ann, "GET", fmt::format("/api/chat/messages/{}/", group))["count"], 2);
}

TEST_F(OriginApi, OtherConversationsAreNotHeardInAGroupsSocket) {
    auto ann = sign_up("ann");
    const auto name = fresh("g");
    const auto group = make_group(ann, name);
    const auto elsewhere = create_group(ann);
    auto socket = open_group(ann, name);
    post_message(ann, elsewhere, "elsewhere");
    EXPECT_STATUS(ann.remove(group_target(elsewhere)), 204);
    post_message(ann, group, "here");
    EXPECT_EQ(socket.next()["message"], "here");
}

TEST_F(OriginApi, AGroupsSocketIsForMembersWhoAreSignedIn) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto name = fresh("g"), hidden = fresh("h");
    make_group(ann, name);
    EXPECT_STATUS(ann.post("/groups", {{"name", hidden}}), 201);
    EXPECT_EQ(refusal(anonymous(), name), 401);
    EXPECT_EQ(refusal(bob, name), 403);
    EXPECT_EQ(refusal(bob, fresh("nothing")), 404);
    EXPECT_EQ(refusal(bob, hidden), 404);
    auto stranger = anonymous();
    stranger.token = "garbage";
    EXPECT_EQ(refusal(stranger, name), 401);
    EXPECT_STATUS(call(ann, "GET", "/ws/chat/" + name + "/"), 426);
}

TEST_F(OriginApi, APageOfAnotherOriginOpensNoSocket) {
    auto ann = sign_up("ann");
    const auto name = fresh("g");
    make_group(ann, name);
    auto options = to_group(ann, name);
    options.fields.emplace_back("Origin", "https://app.example.evil");
    SocketClient socket{ann.http.address(), options};
    EXPECT_PROBLEM(socket.handshake(), 403, "realtime.foreign_origin");
}

TEST_F(OriginApi, NothingIsMissedFromTheHandshakeOn) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto name = fresh("g");
    const auto group = make_group(ann, name);
    join(bob, group);
    for (int i = 0; i < 40; ++i) {
        auto socket = open_group(bob, name);
        post_message(ann, group, fmt::format("{}", i));
        ASSERT_EQ(socket.next()["message"], fmt::format("{}", i));
    }
}

TEST_F(OriginApi, AGroupsNameMayHaveAnyCharacters) {
    auto ann = sign_up("ann");
    const auto number = fresh("");
    make_group(ann, "Café 李 " + number);
    auto socket = open_group(ann, "Caf%C3%A9%20%E6%9D%8E%20" + number);
    EXPECT_EQ(socket.handshake().status, 101);
    socket.send({{"message", "hi"}});
    EXPECT_EQ(socket.next()["message"], "hi");
}

TEST_F(OriginApi, BadFramesAreAnsweredAndBinaryOnesCloseTheSocket) {
    auto ann = sign_up("ann");
    const auto name = fresh("g");
    make_group(ann, name);
    auto socket = open_group(ann, name);
    for (const std::string_view frame : {"", "x", "[]", "{}", R"({"message": null})", R"({"message": 1})", R"({"text": "hi"})"}) {
        socket.send_text(frame);
        EXPECT_EQ(socket.next()["error"]["code"], "origin.bad_frame") << frame;
    }
    socket.send({{"message", " "}});
    EXPECT_EQ(socket.next()["error"]["code"], "chat.empty_message");
    socket.send({{"message", std::string(16 * 1024 + 1, 'x')}});
    EXPECT_EQ(socket.next()["error"]["code"], "too_long");
    socket.send({{"message", "still here"}});
    EXPECT_EQ(socket.next()["message"], "still here");
    socket.send_frame(websocket::Opcode::binary, "x");
    EXPECT_EQ(socket.wait_for_close().code, 1003);
}

TEST_F(OriginApi, LeavingRemovalAndDeletionCloseTheSocket) {
    auto ann = sign_up("ann"), bob = sign_up("bob"), cid = sign_up("cid");
    const auto name = fresh("g");
    const auto group = make_group(ann, name);
    join(bob, group);
    join(cid, group);
    auto of_ann = open_group(ann, name), of_bob = open_group(bob, name), of_cid = open_group(cid, name);
    EXPECT_STATUS(call(bob, "POST", fmt::format("/api/groups/{}/leave/", group)), 200);
    EXPECT_EQ(of_bob.wait_for_close().code, 4003);
    EXPECT_STATUS(ann.remove(member_target(group, cid)), 204);
    EXPECT_EQ(of_cid.wait_for_close().code, 4003);
    of_ann.send({{"message", "alone"}});
    EXPECT_EQ(of_ann.next()["message"], "alone");
    EXPECT_STATUS(ann.remove(group_target(group)), 204);
    EXPECT_EQ(of_ann.wait_for_close().code, 4003);
}

TEST_F(OriginApi, SigningOutClosesTheSocket) {
    auto ann = sign_up("ann");
    const auto name = fresh("g");
    make_group(ann, name);
    auto socket = open_group(ann, name);
    EXPECT_STATUS(ann.post("/auth/logout"), 204);
    EXPECT_EQ(socket.wait_for_close().code, 4001);
}

TEST_F(OriginApi, SocketsOfBothKindsCountTogether) {
    auto ann = sign_up("ann");
    const auto name = fresh("g");
    make_group(ann, name);
    std::vector<SocketClient> sockets;
    for (int i = 0; i < 32; ++i) {
        sockets.push_back(open_group(ann, name));
        sockets.push_back(open_socket(ann));
    }
    EXPECT_EQ(sockets.back().handshake().status, 101);
    EXPECT_EQ(refusal(ann, name), 429);
}

TEST_F(OriginApi, ManyMessagesArriveInTheOrderTheyWereSent) {
    auto ann = sign_up("ann");
    const auto name = fresh("g");
    make_group(ann, name);
    auto socket = open_group(ann, name);
    constexpr int many = 300;
    for (int i = 0; i < many; ++i) socket.send({{"message", std::to_string(i)}});
    for (int i = 0; i < many; ++i) ASSERT_EQ(socket.next()["message"], std::to_string(i));
}

TEST(OriginServer, AStopSendsTheGroupsSocketsAway) {
    TestServer server;
    auto ann = server.sign_up("ann");
    EXPECT_STATUS(ann.post("/groups", {{"name", "g"}, {"visibility", "public"}}), 201);
    SocketClient socket{server.address(), {.target = "/ws/chat/g/", .subprotocol = "", .fields = {{"Authorization", "Bearer " + ann.token}}}};
    EXPECT_EQ(socket.handshake().status, 101);
    server.stop();
    const auto closed = socket.wait_for_close();
    EXPECT_EQ(closed.code, 1012);
    EXPECT_TRUE(closed.reason.starts_with("retry_after_ms=")) << closed.reason;
}

TEST(OriginServer, TheSocketEndsWithItsAccessToken) {
    TestServer server;
    auto ann = server.sign_up("ann");
    EXPECT_STATUS(ann.post("/groups", {{"name", "g"}, {"visibility", "public"}}), 201);
    SocketClient socket{server.address(), {.target = "/ws/chat/g/", .subprotocol = "", .fields = {{"Authorization", "Bearer " + ann.token}}}};
    socket.send({{"message", "hi"}});
    EXPECT_EQ(socket.next()["message"], "hi");
    server.clock().advance(std::chrono::minutes{11});
    EXPECT_EQ(socket.wait_for_close().code, 4001);
}

}  // namespace
}  // namespace parley::testing
