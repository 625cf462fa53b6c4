// SPDX-License-Identifier: Apache-2.0
#include "api/realtime.hpp"

namespace parley::testing {
namespace {

/// api.md section 6: how a socket is opened and whose it is.
class SocketSignIn : public ApiTest {
protected:
    static SocketClient open(SocketClient::Options options = {}) { return SocketClient{server().address(), std::move(options)}; }
    static boost::json::value auth(const std::string& token) { return {{"type", "auth"}, {"access_token", token}}; }
    static std::string ticket(ApiClient& user) { return user.post("/auth/ticket")["ticket"].string(); }
};

TEST_F(SocketSignIn, ByHeaderIsGreeted) {
    auto ann = sign_up("ann");
    auto socket = open_socket(ann);
    EXPECT_EQ(socket.handshake().status, 101);
    EXPECT_EQ(socket.handshake().field("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(socket.handshake().field("sec-websocket-protocol"), "parley.v1");
    const auto hello = socket.next();
    EXPECT_EQ(hello.names(), (std::vector<std::string>{"type", "session_id", "user_id", "epoch", "server_time", "ping_interval_ms"}));
    EXPECT_EQ(hello["type"], "hello");
    EXPECT_EQ(hello["user_id"], ann.id);
    EXPECT_EQ(hello["ping_interval_ms"], 25'000);
    EXPECT_EQ(hello["epoch"], ann.get("/sync")["epoch"]);
    EXPECT_EQ(hello["session_id"], ann.get("/auth/sessions")["items"][0]["id"]) << ann.get("/auth/sessions");
}

TEST_F(SocketSignIn, ByFrameIsGreeted) {
    auto ann = sign_up("ann");
    auto socket = open();
    EXPECT_EQ(socket.handshake().status, 101);
    socket.send(auth(ann.token));
    EXPECT_EQ(socket.next()["user_id"], ann.id);
}

TEST_F(SocketSignIn, ByTicketIsGreetedOnce) {
    auto ann = sign_up("ann");
    const auto answer = ann.post("/auth/ticket");
    EXPECT_EQ(answer["expires_in"], 30);
    const boost::json::value frame{{"id", "t"}, {"type", "auth"}, {"ticket", answer["ticket"].string()}};
    auto first = open(), second = open();
    first.send(frame);
    EXPECT_EQ(first.next()["type"], "hello");
    second.send(frame);
    EXPECT_EQ(second.wait_for_close().code, 4001);
}

TEST_F(SocketSignIn, WithABadTokenIsRefusedBeforeTheUpgrade) {
    for (const auto* value : {"Bearer nonsense", "Bearer", "Basic YTpi", "Bearer a.b.c"}) {
        auto socket = open({.fields = {{"Authorization", value}}});
        EXPECT_EQ(socket.handshake().status, 401) << value;
        EXPECT_EQ(socket.handshake().field("content-type"), "application/problem+json");
    }
}

TEST_F(SocketSignIn, WithABadFrameIsClosed) {
    auto ann = sign_up("ann");
    const std::vector<boost::json::value> frames{auth("nonsense"),
                                                 auth(ann.refresh_token),
                                                 {{"type", "auth"}, {"ticket", "nonsense"}},
                                                 {{"type", "auth"}},
                                                 {{"type", "auth"}, {"access_token", 7}},
                                                 {{"type", "auth"}, {"access_token", ann.token}, {"colour", "blue"}},
                                                 {{"type", "ping"}, {"id", 1}},
                                                 {{"type", "nothing"}},
                                                 boost::json::array{}};
    for (const auto& frame : frames) {
        auto socket = open();
        socket.send(frame);
        EXPECT_EQ(socket.wait_for_close().code, 4001) << frame;
    }
}

TEST_F(SocketSignIn, WithATokenInTheUrlIsRefused) {
    EXPECT_EQ(open({.target = "/api/v1/realtime?access_token=" + sign_up("ann").token}).handshake().status, 400);
}

TEST_F(SocketSignIn, TheSubprotocolMayBeLeftOutButNotBeAnother) {
    const Fields signed_in{{"Authorization", "Bearer " + sign_up("ann").token}};
    const auto none = open({.subprotocol = "", .fields = signed_in}), several = open({.subprotocol = "x, parley.v1", .fields = signed_in});
    EXPECT_EQ(none.handshake().status, 101);
    EXPECT_FALSE(none.handshake().has_field("sec-websocket-protocol"));
    EXPECT_EQ(several.handshake().field("sec-websocket-protocol"), "parley.v1");
    EXPECT_EQ(open({.subprotocol = "x", .fields = signed_in}).handshake().status, 400);
    EXPECT_EQ(open({.subprotocol = "parley.v2, PARLEY.V1", .fields = signed_in}).handshake().status, 400);
}

TEST_F(SocketSignIn, CompressionIsDeclinedByLeavingItOut) {
    auto ann = sign_up("ann");
    for (const auto* offer : {"permessage-deflate; client_max_window_bits", "permessage-deflate; server_max_window_bits=999", "constructor"}) {
        auto socket = open({.fields = {{"Authorization", "Bearer " + ann.token}, {"Sec-WebSocket-Extensions", offer}}});
        EXPECT_EQ(socket.handshake().status, 101) << offer;
        EXPECT_FALSE(socket.handshake().has_field("sec-websocket-extensions")) << offer;
        EXPECT_EQ(socket.next()["type"], "hello");
    }
}

TEST_F(SocketSignIn, WhatIsNoUpgradeIsRefused) {
    auto ann = sign_up("ann");
    EXPECT_EQ(ann.get("/realtime").status, 426);
    const auto with = [&](const std::string& version, const std::string& key) {
        return ann.send("GET", "/realtime",
                        {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", version}, {"Sec-WebSocket-Key", key}});
    };
    const auto old = with("8", "dGhlIHNhbXBsZSBub25jZQ==");
    EXPECT_EQ(old.status, 426);
    EXPECT_EQ(old.field("sec-websocket-version"), "13");
    EXPECT_EQ(with("13", "short").status, 400);
}

TEST_F(SocketSignIn, AnotherPagesOriginIsRefused) {
    auto ann = sign_up("ann");
    const auto from = [&](const std::string& origin) {
        return open({.fields = {{"Authorization", "Bearer " + ann.token}, {"Origin", origin}}}).handshake().status;
    };
    EXPECT_EQ(from("http://" + server().address()), 101);
    EXPECT_EQ(from("http://localhost:" + server().address().substr(server().address().rfind(':') + 1)), 101);
    for (const auto* origin : {"https://evil.example", "null", "http://localhost", "http://localhost.evil.example", "file://"})
        EXPECT_EQ(from(origin), 403) << origin;
}

TEST(SocketOrigins, ThoseTheOperatorAllowsAreTaken) {
    TestServer server{{{"server.allowed_origins", "https://app.example"}}};
    const auto ann = server.sign_up("ann");
    const auto from = [&](const std::string& origin) {
        return SocketClient{server.address(), {.fields = {{"Authorization", "Bearer " + ann.token}, {"Origin", origin}}}}.handshake().status;
    };
    EXPECT_EQ(from("https://app.example"), 101);
    EXPECT_EQ(from("https://app.example.evil"), 403);
    EXPECT_EQ(from("http://" + server.address()), 101);
}

TEST_F(SocketSignIn, FramesBehindTheSignInAreTakenInOrder) {
    auto ann = sign_up("ann");
    const auto group = create_group(ann);
    auto socket = open();
    socket.send(auth(ann.token));
    socket.send({{"id", 1}, {"type", "ping"}});
    socket.send(send_frame(2, group, "early"));
    EXPECT_EQ(socket.next()["user_id"], ann.id) << "hello comes first";
    EXPECT_EQ(socket.next()["type"], "pong");
    EXPECT_EQ(socket.wait_for_answer(2)["type"], "ok");
}

TEST_F(SocketSignIn, FramesBehindATicketWaitForIt) {
    auto ann = sign_up("ann");
    const auto group = create_group(ann);
    std::string frames;
    const auto add = [&](const boost::json::value& frame) {
        websocket::append_masked_frame(frames, websocket::Opcode::text, boost::json::serialize(frame), 0x01020304U);
    };
    for (const bool good : {false, true}) {
        frames.clear();
        add({{"type", "auth"}, {"ticket", good ? ticket(ann) : "nonsense"}});
        for (int i = 0; i < 20; ++i) add(send_frame(i, group, "early"));
        add({{"id", 20}, {"type", "auth"}, {"access_token", ann.token}});
        auto socket = open();
        socket.send_raw(frames);
        if (!good) {
            EXPECT_EQ(socket.wait_for_close().code, 4001);
            continue;
        }
        EXPECT_EQ(socket.next()["type"], "hello");
        EXPECT_EQ(socket.wait_for_answer(20)["type"], "ok");
    }
    EXPECT_EQ(ann.get(conversation_target(group, "/messages"))["items"].size(), 20U) << "nothing of who never signed in";
}

TEST_F(SocketSignIn, ResumeInsideAuthBringsWhatWasMissed) {
    auto ann = sign_up("ann");
    const auto group = create_group(ann);
    const auto epoch = ann.get("/sync")["epoch"].string();
    for (int i = 0; i < 5; ++i) post_message(ann, group, "missed");
    auto socket = open();
    socket.send(
        {{"id", 9}, {"type", "auth"}, {"access_token", ann.token}, {"resume", {{"epoch", epoch}, {"positions", {{std::to_string(group), 2}}}}}});
    EXPECT_EQ(socket.next()["type"], "hello");
    Seen seen;
    const auto ok = read_to_answer(socket, seen, 9);
    EXPECT_EQ(ok["type"], "ok");
    EXPECT_EQ(seen[group], from_to(3, 6));
    EXPECT_EQ(ok["data"]["conversations"], boost::json::value(boost::json::array{{{"id", group}, {"last_seq", 6}}})) << ok;
}

TEST_F(SocketSignIn, ARenewalIsAnsweredWithItsIdOrNull) {
    auto ann = sign_up("ann");
    auto socket = connect(server().address(), ann);
    socket.send({{"id", "again"}, {"type", "auth"}, {"access_token", ann.token}});
    EXPECT_EQ(socket.next(), boost::json::value({{"type", "ok"}, {"id", "again"}, {"data", boost::json::object{}}}));
    socket.send({{"type", "auth"}, {"ticket", ticket(ann)}});
    const auto ok = socket.next();
    EXPECT_EQ(ok["type"], "ok");
    EXPECT_TRUE(ok["id"].is_null()) << ok;
}

TEST_F(SocketSignIn, ARenewalWithABadTokenCloses) {
    auto socket = connect(server().address(), sign_up("ann"));
    socket.send(auth("nonsense"));
    EXPECT_EQ(socket.wait_for_close().code, 4001);
}

TEST_F(SocketSignIn, ASocketStaysWithItsUser) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    auto socket = connect(server().address(), ann);
    socket.send({{"id", 1}, {"type", "auth"}, {"access_token", bob.token}});
    EXPECT_EQ(socket.wait_for_answer(1)["type"], "error");
    post_message(bob, create_group(bob), "bob's own");
    EXPECT_TRUE(socket.stays_quiet(50ms));
}

TEST(SocketSignInTime, EndsAfterTenSeconds) {
    TestServer server;
    SocketClient silent{server.address()};
    EXPECT_EQ(silent.handshake().status, 101);
    server.clock().advance(9s);
    EXPECT_FALSE(silent.next_frame(250ms).has_value());
    server.clock().advance(2s);
    EXPECT_EQ(silent.wait_for_close().code, 4001);
}

TEST(SocketSignInTime, IsNoLimitForWhoSignedIn) {
    TestServer server;
    const auto ann = server.sign_up("ann");
    SocketClient socket{server.address()};
    socket.send({{"type", "auth"}, {"access_token", ann.token}});
    socket.wait_for_type("hello");
    server.clock().advance(12s);
    EXPECT_EQ(socket.ask({{"id", 1}, {"type", "ping"}})["type"], "pong");
}

TEST(SocketSignInTime, ATicketLivesThirtySeconds) {
    TestServer server;
    auto ann = server.sign_up("ann");
    const auto ticket = ann.post("/auth/ticket")["ticket"].string();
    server.clock().advance(31s);
    SocketClient socket{server.address()};
    socket.send({{"type", "auth"}, {"ticket", ticket}});
    EXPECT_EQ(socket.wait_for_close().code, 4001);
}

}  // namespace
}  // namespace parley::testing
