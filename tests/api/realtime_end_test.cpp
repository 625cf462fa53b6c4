// SPDX-License-Identifier: Apache-2.0
#include "api/realtime.hpp"

#include <thread>

namespace parley::testing {
namespace {

using websocket::Opcode;

/// How sockets end: with their session, with their token, with the server, and for those who do not read.
class SocketEnds : public ApiTest {
protected:
    SocketEnds() : ann(sign_up("ann")), other_device(sign_in_again()) {}

    ApiClient sign_in_again() const {
        ApiClient device{server().address()};
        device.username = ann.username;
        device.sign_in();
        return device;
    }
    static SocketClient connect(const ApiClient& user) { return testing::connect(server().address(), user); }
    static constexpr std::chrono::milliseconds two_seconds{2000};

    ApiClient ann, other_device;
};

TEST_F(SocketEnds, WithALogout) {
    auto gone = connect(ann), kept = connect(other_device);
    EXPECT_STATUS(ann.post("/auth/logout"), 204);
    EXPECT_EQ(gone.wait_for_close(two_seconds).code, 4001);
    EXPECT_EQ(kept.ask({{"id", 1}, {"type", "ping"}})["type"], "pong");
    EXPECT_EQ(SocketClient::with_token(server().address(), ann.token).handshake().status, 401);
}

TEST_F(SocketEnds, WithTheDeletionOfItsSession) {
    Json hello;
    auto gone = testing::connect(server().address(), ann, &hello);
    auto kept = connect(other_device);
    EXPECT_STATUS(other_device.remove("/auth/sessions/" + std::to_string(hello["session_id"].integer())), 204);
    EXPECT_EQ(gone.wait_for_close(two_seconds).code, 4001);
    EXPECT_EQ(kept.ask({{"id", 1}, {"type", "ping"}})["type"], "pong");
}

TEST_F(SocketEnds, OfOtherSessionsWithAChangeOfPassword) {
    auto gone = connect(other_device), kept = connect(ann);
    EXPECT_STATUS(ann.post("/users/me/password", {{"current_password", ApiClient::password}, {"new_password", "quite another long phrase"}}), 204);
    EXPECT_EQ(gone.wait_for_close(two_seconds).code, 4001);
    EXPECT_EQ(kept.ask({{"id", 1}, {"type", "ping"}})["type"], "pong");
}

TEST_F(SocketEnds, WithTheReplayOfARefreshToken) {
    auto socket = connect(ann);
    const auto used = ann.refresh_token;
    EXPECT_STATUS(anonymous().post("/auth/refresh", {{"refresh_token", used}}), 200);
    EXPECT_EQ(socket.ask({{"id", 1}, {"type", "ping"}})["type"], "pong") << "a refresh ends nothing";
    EXPECT_EQ(anonymous().post("/auth/refresh", {{"refresh_token", used}}).status, 401);
    EXPECT_EQ(socket.wait_for_close(two_seconds).code, 4001);
}

TEST_F(SocketEnds, OfATicketWithTheSessionItCameFrom) {
    SocketClient socket{server().address()};
    socket.send({{"type", "auth"}, {"ticket", ann.post("/auth/ticket")["ticket"].string()}});
    socket.wait_for_type("hello");
    EXPECT_STATUS(ann.post("/auth/logout"), 204);
    EXPECT_EQ(socket.wait_for_close(two_seconds).code, 4001);
}

TEST_F(SocketEnds, TheSixtyFifthIsRefusedUntilOneEnds) {
    std::vector<SocketClient> sockets;
    for (int i = 0; i < 64; ++i) sockets.push_back(SocketClient::with_token(server().address(), ann.token));
    for (auto& socket : sockets) EXPECT_EQ(socket.handshake().status, 101);
    const auto refused = SocketClient::with_token(server().address(), other_device.token);
    EXPECT_EQ(refused.handshake().status, 429);
    EXPECT_TRUE(refused.handshake().has_field("retry-after"));
    EXPECT_EQ(refused.handshake().field("content-type"), "application/problem+json");
    EXPECT_EQ(SocketClient::with_token(server().address(), sign_up("bob").token).handshake().status, 101);
    sockets.pop_back();
    EXPECT_TRUE(eventually([&] { return SocketClient::with_token(server().address(), ann.token).handshake().status == 101; }));
}

class TokenEnds : public ::testing::Test {
protected:
    /// A second token of the same session, which lives from now on.
    std::string refreshed() {
        const auto answer = server.anonymous().post("/auth/refresh", {{"refresh_token", ann.refresh_token}});
        ann.refresh_token = answer["refresh_token"].string();
        return answer["access_token"].string();
    }

    TestServer server{{{"auth.access_token_ttl", "60s"}}};
    ApiClient ann = server.sign_up("ann");
};

TEST_F(TokenEnds, ClosesTheSocket) {
    auto by_header = connect(server.address(), ann);
    SocketClient by_ticket{server.address()};
    by_ticket.send({{"type", "auth"}, {"ticket", ann.post("/auth/ticket")["ticket"].string()}});
    by_ticket.wait_for_type("hello");
    server.clock().advance(58s);
    EXPECT_EQ(by_header.ask({{"id", 1}, {"type", "ping"}})["type"], "pong");
    server.clock().advance(3s);
    EXPECT_EQ(by_header.wait_for_close().code, 4001);
    EXPECT_EQ(by_ticket.wait_for_close().code, 4001) << "with the token its ticket came from";
}

TEST_F(TokenEnds, IsPutOffByANewAuthFrame) {
    auto renewed = connect(server.address(), ann);
    server.clock().advance(40s);
    const auto token = refreshed();
    EXPECT_EQ(renewed.ask({{"id", 1}, {"type", "auth"}, {"access_token", token}})["type"], "ok");
    server.clock().advance(30s);
    EXPECT_EQ(renewed.ask({{"id", 2}, {"type", "ping"}})["type"], "pong") << "past the first token's end";
    server.clock().advance(35s);
    EXPECT_EQ(renewed.wait_for_close().code, 4001) << "past the second's";
}

TEST(SocketsAtAStop, AreToldWhenToComeBack) {
    TestServer server;
    auto ann = server.sign_up("ann");
    auto first = connect(server.address(), ann), second = connect(server.address(), ann);
    SocketClient not_signed_in{server.address()};
    std::jthread stop{[&] { server.stop(); }};
    for (auto* socket : {&first, &second}) {
        const auto closed = socket->wait_for_close();
        EXPECT_EQ(closed.code, 1012);
        EXPECT_TRUE(closed.reason.starts_with("retry_after_ms=")) << closed.reason;
        EXPECT_GT(std::stoi(closed.reason.substr(15)), 0);
    }
    EXPECT_EQ(not_signed_in.wait_for_close().code, 1012) << "also one that has not signed in yet";
}

TEST(SocketsAtAStop, LoseNothingThatWasAcknowledged) {
    TestServer server;
    auto ann = server.sign_up("ann");
    const auto group = create_group(ann);
    auto socket = connect(server.address(), ann);
    for (int i = 0; i < 200; ++i) socket.send(send_frame(i, group, "x"));
    socket.wait_for_answer(0);
    std::jthread stop{[&] { server.stop(); }};
    std::int64_t acknowledged = 2;
    for (std::optional<SocketClient::Frame> frame; (frame = socket.next_frame()) && frame->opcode != Opcode::close;) {
        const auto json = Json::parse(frame->payload);
        if (json["type"] == "ok") acknowledged = json["data"]["seq"].integer();
    }
    stop.join();
    server.restart();
    EXPECT_GE(ann.get(conversation_target(group))["last_seq"].integer(), acknowledged);
}

TEST(SlowReaders, AreClosedAndDisturbNobody) {
    TestServer server{{{"realtime.outbox_bytes", "256KiB"}}};
    auto ann = server.sign_up("ann"), bob = server.sign_up("bob");
    const auto group = create_group(ann, {&bob});
    SocketClient slow{server.address(), {.fields = {{"Authorization", "Bearer " + bob.token}}, .receive_buffer_bytes = 4096}};
    slow.wait_for_type("hello");
    auto healthy = connect(server.address(), ann);
    const std::string text(16'000, 'x');
    Seen seen;
    for (int i = 0; i < 600; ++i) {
        healthy.send(send_frame(i, group, text));
        if (i % 4 == 3) EXPECT_EQ(read_to_answer(healthy, seen, i)["type"], "ok");
    }
    const auto last = ann.get(conversation_target(group))["last_seq"].integer();
    if (seen[group].back() < last) read_to_event(healthy, seen, group, last);
    EXPECT_EQ(seen[group], from_to(3, last));
    EXPECT_EQ(slow.wait_for_close().code, 4008);
    auto again = connect(server.address(), bob);
    Seen replayed;
    again.send(resume_frame(1, ann.get("/sync")["epoch"].string(), group, 2));
    read_to_answer(again, replayed, 1);
    EXPECT_EQ(replayed[group], from_to(3, last)) << "a client that comes back misses nothing";
}

TEST(SlowReaders, AreClosedWhenTheyTakeNothingForTenSeconds) {
    TestServer server{{{"realtime.outbox_bytes", "64MiB"}}};
    auto ann = server.sign_up("ann"), bob = server.sign_up("bob");
    const auto group = create_group(ann, {&bob});
    SocketClient slow{server.address(), {.fields = {{"Authorization", "Bearer " + bob.token}}, .receive_buffer_bytes = 4096}};
    slow.wait_for_type("hello");
    auto sender = connect(server.address(), ann);
    const std::string text(16'000, 'x');
    // More than the kernel takes for one socket.
    for (int i = 0; i < 500; ++i) {
        sender.send(send_frame(i, group, text));
        if (i % 20 == 19) sender.wait_for_answer(i);
    }
    const auto open = [&] { return HttpClient{server.internal_address()}.request("GET", "/metrics").body; };
    EXPECT_TRUE(open().contains("parley_sockets_open 2\n"));
    server.clock().advance(11s);  // it is closed with the next tick,
    EXPECT_FALSE(eventually([&] { return open().contains("parley_sockets_open 1\n"); }, 300ms)) << "it is given time to read why";
    server.clock().advance(4s);  // and cut when it does not read that either
    EXPECT_TRUE(eventually([&] { return open().contains("parley_sockets_open 1\n"); }));
    EXPECT_EQ(sender.ask({{"id", 99}, {"type", "ping"}})["type"], "pong");
}

TEST(Heartbeat, ClosesWhoDoesNotAnswerPings) {
    TestServer server;
    const auto ann = server.sign_up("ann");
    SocketClient dead{server.address(), {.fields = {{"Authorization", "Bearer " + ann.token}}, .answers_pings = false}};
    auto living = connect(server.address(), ann);
    server.clock().advance(26s);
    EXPECT_EQ(living.next_frame()->opcode, Opcode::ping);
    EXPECT_EQ(living.ask({{"id", 1}, {"type", "ping"}})["type"], "pong");
    server.clock().advance(11s);
    EXPECT_EQ(dead.wait_for_close().code, 1011);
    EXPECT_EQ(living.ask({{"id", 2}, {"type", "ping"}})["type"], "pong");
}

TEST(Heartbeat, ComesAtTheConfiguredInterval) {
    TestServer server{{{"realtime.ping_interval", "200ms"}}};
    const auto ann = server.sign_up("ann");
    Json hello;
    auto socket = connect(server.address(), ann, &hello);
    EXPECT_EQ(hello["ping_interval_ms"], 200);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(socket.next_frame()->opcode, Opcode::ping);
}

}  // namespace
}  // namespace parley::testing
