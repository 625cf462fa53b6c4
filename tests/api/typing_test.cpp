// SPDX-License-Identifier: Apache-2.0
#include "api/realtime.hpp"

namespace parley::testing {
namespace {

/// api.md section 6, `typing`. Three shards, so that two sockets of one user are often on different ones.
class TypingSignals : public ApiTest {
protected:
    static void SetUpTestSuite() { three_shards = std::make_unique<TestServer>(Settings{{"server.threads", "3"}}); }
    static void TearDownTestSuite() { three_shards.reset(); }

    static ApiClient sign_up(std::string_view name) { return three_shards->sign_up(fresh(name)); }
    static SocketClient socket_of(const ApiClient& user) { return connect(three_shards->address(), user); }
    static boost::json::value typing_in(std::int64_t conversation) { return {{"type", "typing"}, {"conversation_id", conversation}}; }
    boost::json::value signal_of(const ApiClient& user) const {
        return {{"type", "signal"}, {"signal", "typing"}, {"conversation_id", group}, {"user_id", user.id}};
    }
    /// Sends it, and waits until the server is done with it.
    static void type(SocketClient& socket, std::int64_t conversation) {
        socket.send(typing_in(conversation));
        EXPECT_EQ(socket.ask({{"id", 99}, {"type", "ping"}})["type"], "pong");
    }
    /// The texts a socket hears until this one comes.
    static std::vector<std::string> heard_until(SocketClient& socket, std::string_view text) {
        std::vector<std::string> heard;
        socket.wait_for([&](const Json& frame) {
            heard.push_back(frame["type"] == "signal" ? "typing" : frame["data"]["message"]["text"].string());
            return heard.back() == text;
        });
        return heard;
    }

    static inline std::unique_ptr<TestServer> three_shards;
    ApiClient ann = sign_up("ann"), bob = sign_up("bob"), eve = sign_up("eve");
    std::int64_t group = create_group(ann, {&bob});
};

TEST_F(TypingSignals, ReachEverySocketOfTheOtherMembers) {
    std::vector<SocketClient> sockets;
    for (int i = 0; i < 6; ++i) sockets.push_back(socket_of(bob));
    auto typist = socket_of(ann);
    typist.send(typing_in(group));
    for (auto& socket : sockets) EXPECT_EQ(socket.next(), signal_of(ann));
}

TEST_F(TypingSignals, ReachNeitherOneselfNorAStranger) {
    auto typist = socket_of(ann), second_device = socket_of(ann), stranger = socket_of(eve), member = socket_of(bob);
    type(typist, group);
    EXPECT_EQ(member.next(), signal_of(ann));
    EXPECT_TRUE(stranger.stays_quiet(60ms));
    EXPECT_TRUE(typist.stays_quiet(10ms));
    EXPECT_TRUE(second_device.stays_quiet(10ms));
}

TEST_F(TypingSignals, AreNotAnswered) {
    auto typist = socket_of(ann);
    typist.send({{"id", 1}, {"type", "typing"}, {"conversation_id", group}});
    EXPECT_EQ(typist.ask({{"id", 2}, {"type", "ping"}})["id"], 2);
    EXPECT_TRUE(typist.stays_quiet(30ms));
}

TEST_F(TypingSignals, ArePassedOnOnceInThreeSecondsOverAllSockets) {
    auto phone = socket_of(ann), desk = socket_of(ann), member = socket_of(bob);
    for (int i = 0; i < 10; ++i) {
        type(phone, group);
        type(desk, group);
    }
    post_message(ann, group, "first");
    EXPECT_EQ(heard_until(member, "first"), (std::vector<std::string>{"typing", "first"}));
    three_shards->clock().advance(3s);
    type(desk, group);
    type(phone, group);
    post_message(ann, group, "second");
    EXPECT_EQ(heard_until(member, "second"), (std::vector<std::string>{"typing", "second"}));
}

TEST_F(TypingSignals, OfSeveralPeopleAndConversationsDoNotCountTogether) {
    const auto other = create_group(ann, {&bob});
    auto anns = socket_of(ann), bobs = socket_of(bob);
    type(anns, group);
    EXPECT_EQ(bobs.next(), signal_of(ann));
    type(anns, other);
    EXPECT_EQ(bobs.next()["conversation_id"], other);
    type(bobs, group);
    EXPECT_EQ(anns.next(), signal_of(bob));
}

TEST_F(TypingSignals, AreNotStored) {
    auto typist = socket_of(ann);
    const auto before = events_of(ann, group).size();
    type(typist, group);
    EXPECT_EQ(events_of(ann, group).size(), before);
    auto late = socket_of(bob);
    EXPECT_TRUE(late.stays_quiet(30ms));
}

TEST_F(TypingSignals, OfWhoIsNoMemberAreErrors) {
    auto stranger = socket_of(eve);
    const auto code_in = [&](std::int64_t conversation) {
        return stranger.ask({{"id", 1}, {"type", "typing"}, {"conversation_id", conversation}})["error"]["code"].string();
    };
    EXPECT_EQ(code_in(group), "not_found");
    EXPECT_EQ(code_in(9'007'199'254'740'991), "not_found");
    EXPECT_EQ(code_in(create_group(ann, {}, "public")), "chat.not_a_member");
    const auto removed_from = create_group(ann, {&eve});
    EXPECT_STATUS(ann.remove(member_target(removed_from, eve)), 204);
    stranger.wait_for_event("member.left");
    EXPECT_EQ(code_in(removed_from), "not_found");
}

TEST_F(TypingSignals, WithUnknownOrMissingFieldsAreErrors) {
    auto typist = socket_of(ann);
    const auto code_of = [&](boost::json::object frame) {
        frame["id"] = 1;
        frame["type"] = "typing";
        return typist.ask(frame)["error"]["code"].string();
    };
    EXPECT_EQ(code_of({{"conversation_id", group}, {"text", "x"}}), "unknown_field");
    EXPECT_EQ(code_of({}), "required");
    EXPECT_EQ(code_of({{"conversation_id", std::to_string(group)}}), "wrong_type");
}

}  // namespace
}  // namespace parley::testing
