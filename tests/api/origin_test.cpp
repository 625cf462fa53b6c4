// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

#include <fmt/format.h>

/// The origin's routes where Parley has rules of its own (api.md section 7); tests/interop/origin_test.cpp holds the rest to a Django project.
namespace parley::testing {
namespace {

class OriginApi : public ApiTest {
protected:
    /// Calls an origin's route with the user's token.
    static Answer call(ApiClient& user, std::string_view method, std::string_view target, std::string_view body = {}) {
        Fields fields;
        if (!user.token.empty()) fields.emplace_back("Authorization", "Bearer " + user.token);
        if (!body.empty()) fields.emplace_back("Content-Type", "application/json");
        return user.http.request(method, target, fields, body);
    }
    static std::int64_t make_group(ApiClient& owner, const std::string& name) {
        const auto answer = call(owner, "POST", "/api/groups/create/", fmt::format(R"({{"name": "{}"}})", name));
        EXPECT_STATUS(answer, 200);
        return answer["group_id"].integer();
    }
    static void join(ApiClient& user, std::int64_t group) { EXPECT_STATUS(call(user, "POST", fmt::format("/api/groups/{}/join/", group)), 200); }
    static SocketClient::Options to_group(const ApiClient& user, const std::string& name) {
        return {.target = "/ws/chat/" + name + "/", .subprotocol = "", .fields = {{"Authorization", "Bearer " + user.token}}};
    }
    static SocketClient open_group(const ApiClient& user, const std::string& name) { return {user.http.address(), to_group(user, name)}; }
    static int refusal(const ApiClient& user, const std::string& name) { return open_group(user, name).handshake().status; }
    static std::vector<std::string> texts_of(const Answer& page) { return texts(page["results"].items(), "message"); }
};

TEST_F(OriginApi, RegistrationAndTokensOpenTheNewRoutes) {
    auto client = anonymous();
    const auto name = fresh("ann");
    const auto credentials = fmt::format(R"({{"username": "{}", "password": "correct horse battery", "email": "ann@Example.org"}})", name);
    const auto user = call(client, "POST", "/api/users/register/", credentials);
    EXPECT_STATUS(user, 201);
    EXPECT_EQ(user["username"], name);
    EXPECT_EQ(user["email"], "ann@example.org");
    const auto tokens = call(client, "POST", "/api/token/", credentials);
    client.token = tokens["access"].string();
    EXPECT_EQ(client.get("/users/me")["id"], user["id"].integer());
    EXPECT_EQ(client.get("/auth/sessions")["items"].size(), 1U);
    EXPECT_STATUS(client.post("/auth/logout"), 204);
    const auto refresh = call(client, "POST", "/api/token/refresh/", fmt::format(R"({{"refresh": "{}"}})", tokens["refresh"].string()));
    EXPECT_STATUS(refresh, 401);
    EXPECT_EQ(refresh["code"], "token_not_valid");
}

TEST_F(OriginApi, ANameThatLooksLikeATakenOneIsTaken) {
    const auto ann = sign_up("ann");
    auto client = anonymous();
    auto shouted = ann.username;
    for (auto& c : shouted) c = static_cast<char>(std::toupper(c));
    const auto answer = call(client, "POST", "/api/users/register/", fmt::format(R"({{"username": "{}", "password": "correct horse"}})", shouted));
    EXPECT_STATUS(answer, 400);
    EXPECT_EQ(answer["username"][0], "A user with that username already exists.");
}

TEST_F(OriginApi, GroupNamesAreUniqueWithoutRegardToCase) {
    auto ann = sign_up("ann");
    make_group(ann, fresh("Harbour"));
    const auto name = fresh("Quay");
    make_group(ann, name);
    const auto answer = call(ann, "POST", "/api/groups/create/", R"({"name": "q)" + name.substr(1) + "\"}");
    EXPECT_STATUS(answer, 400);
    EXPECT_EQ(answer["name"][0], "group with this name already exists.");
    EXPECT_STATUS(call(ann, "POST", "/api/groups/create/", R"({"name": "a\nb"})"), 400);
}

TEST_F(OriginApi, TheLastOwnerHandsTheGroupOver) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = make_group(ann, fresh("g"));
    join(bob, group);
    EXPECT_STATUS(call(ann, "POST", fmt::format("/api/groups/{}/leave", group)), 200);
    EXPECT_EQ(bob.get(fmt::format("/conversations/{}", group))["my"]["role"], "owner");
    EXPECT_STATUS(call(bob, "POST", fmt::format("/api/groups/{}/leave/", group)), 200);
    EXPECT_STATUS(call(bob, "POST", fmt::format("/api/groups/{}/leave/", group)), 404);  // the last one out has deleted it
}

TEST_F(OriginApi, WhatOneMayNotSeeIsNotFound) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto hidden = create_group(ann);
    const auto open = make_group(ann, fresh("g"));
    for (const std::string_view target : {"/api/groups/{}/join/", "/api/groups/{}/leave/"}) {
        const auto answer = call(bob, "POST", fmt::format(fmt::runtime(target), hidden));
        EXPECT_STATUS(answer, 404);
        EXPECT_EQ(answer["detail"], "Not found.");
    }
    EXPECT_STATUS(call(bob, "GET", fmt::format("/api/chat/messages/{}/", hidden)), 404);
    const auto forbidden = call(bob, "GET", fmt::format("/api/chat/messages/{}/", open));
    EXPECT_STATUS(forbidden, 403);
    EXPECT_EQ(forbidden["detail"], "You do not have permission to perform this action.");
}

TEST_F(OriginApi, AddressesThatAreNoneHaveTheOriginsShape) {
    auto ann = sign_up("ann");
    for (const std::string_view target : {"/api/users/x/", "/api/token/x/y/", "/api/groups/", "/api/chat/messages/x/"}) {
        const auto answer = call(ann, "GET", target);
        EXPECT_STATUS(answer, 404);
        EXPECT_EQ(answer["detail"], "Not found.") << target;
    }
    EXPECT_PROBLEM(call(ann, "GET", "/api/v1/nothing"), 404, "not_found");
}

TEST_F(OriginApi, PagesLeaveOutDeletedMessagesAndShowTheFirstFile) {
    auto ann = sign_up("ann");
    const auto group = make_group(ann, fresh("g"));
    for (int i = 1; i <= 12; ++i) post_message(ann, group, fmt::format("{}", i));  // seq 2 to 13
    EXPECT_STATUS(ann.remove(message_target(group, 12)), 204);
    EXPECT_STATUS(ann.remove(message_target(group, 3)), 204);
    const auto file = ann.send_form("/files", {{.name = "file", .content = "abc", .filename = "a.txt"}});
    EXPECT_STATUS(ann.post(conversation_target(group, "/messages"), {{"file_ids", {file["id"].integer()}}}), 201);
    const auto page = call(ann, "GET", fmt::format("/api/chat/messages/{}/", group));
    EXPECT_EQ(page["count"], 11);
    EXPECT_EQ(texts_of(page), (std::vector<std::string>{"", "12", "10", "9", "8", "7", "6", "5", "4", "3"}));
    const auto base = "http://" + ann.http.address();
    EXPECT_EQ(page["results"][0]["file"], base + file["content_url"].string());
    EXPECT_TRUE(page["results"][1]["file"].is_null());
    EXPECT_EQ(page["next"], fmt::format("{}/api/chat/messages/{}/?page=2", base, group));
    EXPECT_TRUE(page["previous"].is_null());
    const auto last = call(ann, "GET", fmt::format("/api/chat/messages/{}/?page=last", group));
    EXPECT_EQ(texts_of(last), (std::vector<std::string>{"1"}));
    EXPECT_EQ(last["results"][0]["id"], 2);
}

TEST_F(OriginApi, DirectMessagesNameTheirReceiver) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto direct = open_direct(ann, bob);
    post_message(ann, direct, "to bob");
    post_message(bob, direct, "to ann");
    for (auto* reader : {&ann, &bob}) {
        const auto page = call(*reader, "GET", fmt::format("/api/chat/messages/{}/", direct));
        EXPECT_EQ(page["results"][0]["receiver_user"], ann.id);
        EXPECT_EQ(page["results"][1]["receiver_user"], bob.id);
        EXPECT_TRUE(page["results"][0]["receiver_group"].is_null());
    }
}

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
