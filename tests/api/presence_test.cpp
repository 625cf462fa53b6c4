// SPDX-License-Identifier: Apache-2.0
#include "api/realtime.hpp"

#include <memory>
#include <optional>

namespace parley::testing {
namespace {

/// api.md section 6, `presence.subscribe`. Three shards, so that two sockets of one user are often on different ones; no pings, because the clock is
/// moved over the grace of 20 s and the 5 minutes until somebody is away.
class PresenceSignals : public ApiTest {
protected:
    static constexpr auto over_the_grace = 21s;

    static void SetUpTestSuite() { three_shards = std::make_unique<TestServer>(Settings{{"server.threads", "3"}, {"realtime.ping_interval", "1h"}}); }
    static void TearDownTestSuite() { three_shards.reset(); }

    static ApiClient sign_up(std::string_view name) { return three_shards->sign_up(fresh(name)); }
    static SocketClient socket_of(const ApiClient& user) { return connect(three_shards->address(), user); }
    static void pass(std::chrono::seconds time) { three_shards->clock().advance(time); }

    static boost::json::value subscribe(std::initializer_list<const ApiClient*> users) {
        boost::json::array ids;
        for (const auto* user : users) ids.emplace_back(user->id);
        return {{"id", 1}, {"type", "presence.subscribe"}, {"user_ids", ids}};
    }
    /// "online online offline": the answer's states, in its order.
    static std::string states(const Json& answer) {
        std::string all;
        for (std::size_t i = 0; i < answer["data"]["users"].size(); ++i) all += (i > 0 ? " " : "") + answer["data"]["users"][i]["status"].string();
        return all;
    }
    static Json next_presence(SocketClient& socket) {
        return socket.wait_for([](const Json& frame) { return frame["signal"] == "presence"; });
    }
    static void expect_told(SocketClient& socket, const ApiClient& user, std::string_view status) {
        const auto told = next_presence(socket);
        EXPECT_EQ(told["user_id"], user.id) << told;
        EXPECT_EQ(told["status"], status) << told;
    }
    /// Closes a socket. The server may notice a little later.
    static void leave(SocketClient& socket) {
        socket.send_close(1000);
        socket.wait_for_close();
        socket.connection().close();
    }
    /// Lets one grace after the other pass until something is told.
    static Json told_after_the_grace(SocketClient& socket) {
        std::optional<SocketClient::Frame> frame;
        for (int i = 0; i < 20 && !frame; ++i) {
            pass(over_the_grace);
            frame = socket.next_frame(500ms);
        }
        return frame ? Json::parse(frame->payload) : Json{};
    }

    static inline std::unique_ptr<TestServer> three_shards;
    ApiClient ann = sign_up("ann"), bob = sign_up("bob"), eve = sign_up("eve");
    std::int64_t group = create_group(ann, {&bob});
};

TEST_F(PresenceSignals, TheAnswerTellsHowEachLooksNow) {
    auto watcher = socket_of(ann), bobs = socket_of(bob);
    const auto answer = watcher.ask(subscribe({&bob, &ann, &bob}));
    EXPECT_EQ(answer["type"], "ok") << answer;
    EXPECT_EQ(answer["data"].names(), (std::vector<std::string>{"users"}));
    ASSERT_EQ(answer["data"]["users"].size(), 2U) << "each once";
    const auto first = answer["data"]["users"][0];
    EXPECT_EQ(first.names(), (std::vector<std::string>{"user_id", "status", "last_seen_at"}));
    EXPECT_EQ(first["user_id"], bob.id);
    EXPECT_EQ(first["status"], "online");
    EXPECT_EQ(first["last_seen_at"].string().size(), std::string_view{"2026-11-22T18:07:00.123Z"}.size());
    EXPECT_EQ(answer["data"]["users"][1]["status"], "online") << "oneself";
}

TEST_F(PresenceSignals, WhoWasNeverOnlineIsOfflineAndWasNeverSeen) {
    auto watcher = socket_of(ann);
    const auto answer = watcher.ask(subscribe({&bob}));
    EXPECT_EQ(answer["data"]["users"][0], boost::json::value({{"user_id", bob.id}, {"status", "offline"}, {"last_seen_at", nullptr}}));
}

TEST_F(PresenceSignals, TellThatSomebodyComesAndGoes) {
    auto watcher = socket_of(ann);
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "offline");
    auto bobs = socket_of(bob);
    expect_told(watcher, bob, "online");
    leave(bobs);
    EXPECT_TRUE(watcher.stays_quiet(50ms)) << "the grace";
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "online");
    const auto gone = told_after_the_grace(watcher);
    EXPECT_EQ(gone.names(), (std::vector<std::string>{"type", "signal", "user_id", "status", "last_seen_at"}));
    EXPECT_EQ(gone["status"], "offline");
    EXPECT_FALSE(gone["last_seen_at"].is_null());
    EXPECT_EQ(watcher.ask(subscribe({&bob}))["data"]["users"][0]["last_seen_at"], gone["last_seen_at"]);
}

TEST_F(PresenceSignals, ACutAndAReturnWithinTheGraceShowNothing) {
    auto watcher = socket_of(ann);
    auto bobs = std::make_unique<SocketClient>(socket_of(bob));
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "online");
    bobs->connection().reset();
    bobs = std::make_unique<SocketClient>(socket_of(bob));
    pass(over_the_grace);
    EXPECT_TRUE(watcher.stays_quiet(400ms));
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "online");
}

TEST_F(PresenceSignals, OneOfSeveralSocketsKeepsAUserOnline) {
    auto watcher = socket_of(ann);
    std::vector<SocketClient> bobs;
    for (int i = 0; i < 6; ++i) bobs.push_back(socket_of(bob));
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "online");
    for (int i = 0; i < 5; ++i) leave(bobs[static_cast<std::size_t>(i)]);
    pass(over_the_grace);
    EXPECT_TRUE(watcher.stays_quiet(400ms));
    leave(bobs.back());
    const auto gone = told_after_the_grace(watcher);
    EXPECT_EQ(gone["user_id"], bob.id) << gone;
    EXPECT_EQ(gone["status"], "offline") << gone;
}

TEST_F(PresenceSignals, EverySocketThatAskedIsTold) {
    std::vector<SocketClient> watchers;
    for (int i = 0; i < 5; ++i) watchers.push_back(socket_of(ann));
    for (auto& watcher : watchers) EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "offline");
    auto bystander = socket_of(ann), bobs = socket_of(bob);
    for (auto& watcher : watchers) expect_told(watcher, bob, "online");
    EXPECT_TRUE(bystander.stays_quiet(30ms));
}

TEST_F(PresenceSignals, SomebodyIdleIsAwayUntilTheNextFrame) {
    auto watcher = socket_of(ann), bobs = socket_of(bob);
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "online");
    pass(4min);
    EXPECT_EQ(bobs.ask({{"id", 1}, {"type", "ping"}})["type"], "pong");
    pass(1min);
    expect_told(watcher, bob, "away");
    EXPECT_EQ(bobs.ask({{"id", 2}, {"type", "ping"}})["type"], "pong");
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "away") << "a ping says nothing about a person";
    EXPECT_EQ(bobs.ask({{"id", 3}, {"type", "read"}, {"conversation_id", group}, {"seq", 1}})["type"], "ok");
    expect_told(watcher, bob, "online");
}

TEST_F(PresenceSignals, StrangersAreAlwaysOffline) {
    auto watcher = socket_of(eve), bobs = socket_of(bob);
    const auto answer = watcher.ask({{"id", 1}, {"type", "presence.subscribe"}, {"user_ids", {bob.id, 9'007'199'254'740'991}}});
    EXPECT_EQ(states(answer), "offline offline");
    EXPECT_TRUE(answer["data"]["users"][0]["last_seen_at"].is_null());
    leave(bobs);
    pass(over_the_grace);
    bobs = socket_of(bob);
    EXPECT_TRUE(watcher.stays_quiet(400ms));
}

TEST_F(PresenceSignals, WhoSharesNothingAnyMoreGoesOfflineWithTheNextChange) {
    auto watcher = socket_of(bob), anns = socket_of(ann);
    EXPECT_EQ(states(watcher.ask(subscribe({&ann}))), "online");
    EXPECT_STATUS(ann.remove(member_target(group, bob)), 204);
    pass(5min);
    const auto told = next_presence(watcher);
    EXPECT_EQ(told["status"], "offline") << "away, for those who know her";
    EXPECT_TRUE(told["last_seen_at"].is_null());
    EXPECT_EQ(states(watcher.ask(subscribe({&ann}))), "offline");
    leave(anns);
    EXPECT_TRUE(watcher.stays_quiet(60ms));
}

TEST_F(PresenceSignals, ANewAcquaintanceIsToldWithTheNextChange) {
    auto watcher = socket_of(eve);
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "offline");
    open_direct(eve, bob);
    auto bobs = socket_of(bob);
    expect_told(watcher, bob, "online");
}

TEST_F(PresenceSignals, ASubscriptionReplacesTheLast) {
    open_direct(ann, eve);
    auto watcher = socket_of(ann);
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "offline");
    EXPECT_EQ(states(watcher.ask(subscribe({&eve}))), "offline");
    auto bobs = socket_of(bob), eves = socket_of(eve);
    expect_told(watcher, eve, "online");
    EXPECT_EQ(states(watcher.ask(subscribe({}))), "");
    leave(eves);
    leave(bobs);
    pass(over_the_grace);
    EXPECT_TRUE(watcher.stays_quiet(400ms));
}

TEST_F(PresenceSignals, OfTwoSubscriptionsInOneGoTheSecondHolds) {
    open_direct(ann, eve);
    auto watcher = socket_of(ann);
    watcher.send(subscribe({&bob}));
    watcher.send(subscribe({&eve}));
    EXPECT_EQ(watcher.next()["data"]["users"][0]["user_id"], bob.id);
    EXPECT_EQ(watcher.next()["data"]["users"][0]["user_id"], eve.id);
    auto bobs = socket_of(bob), eves = socket_of(eve);
    expect_told(watcher, eve, "online");
}

TEST_F(PresenceSignals, TwoHundredPeopleAreTheMost) {
    auto watcher = socket_of(ann);
    boost::json::array ids;
    for (int id = 1; id <= 200; ++id) ids.emplace_back(id);
    EXPECT_EQ(watcher.ask({{"id", 1}, {"type", "presence.subscribe"}, {"user_ids", ids}})["data"]["users"].size(), 200U);
    ids.emplace_back(201);
    const auto refused = watcher.ask({{"id", 2}, {"type", "presence.subscribe"}, {"user_ids", ids}});
    EXPECT_EQ(refused["error"]["code"], "too_many_items") << refused;
    EXPECT_EQ(watcher.ask({{"id", 3}, {"type", "presence.subscribe"}})["error"]["code"], "required");
    EXPECT_EQ(watcher.ask({{"id", 4}, {"type", "presence.subscribe"}, {"user_ids", {"x"}}})["error"]["code"], "wrong_type");
    EXPECT_EQ(watcher.ask({{"id", 5}, {"type", "presence.subscribe"}, {"user_ids", {0}}})["error"]["code"], "wrong_type");
}

TEST_F(PresenceSignals, TheOriginsSocketCountsToo) {
    const auto name = fresh("open");
    const auto open_group = ann.post("/groups", {{"name", name}, {"visibility", "public"}, {"member_ids", {bob.id}}});
    ASSERT_EQ(open_group.status, 201);
    auto watcher = socket_of(ann);
    EXPECT_EQ(states(watcher.ask(subscribe({&bob}))), "offline");
    SocketClient bobs{three_shards->address(),
                      {.target = "/ws/chat/" + name + "/", .subprotocol = "", .fields = {{"Authorization", "Bearer " + bob.token}}}};
    expect_told(watcher, bob, "online");
}

TEST_F(PresenceSignals, ALargeGroupIsCounted) {
    const auto target = conversation_target(group, "/presence");
    EXPECT_EQ(ann.get(target).body, R"({"online":0})");
    std::vector<SocketClient> sockets;
    for (int i = 0; i < 4; ++i) sockets.push_back(socket_of(ann));  // wherever they are, one person
    sockets.push_back(socket_of(bob));
    sockets.push_back(socket_of(eve));  // not in the group
    for (auto& socket : sockets) socket.ask({{"id", 1}, {"type", "ping"}});
    EXPECT_EQ(ann.get(target).body, R"({"online":2})");
    leave(sockets[4]);
    EXPECT_TRUE(eventually([&] { return ann.get(target)["online"] == 1; }));
    EXPECT_STATUS(eve.get(target), 404);
    EXPECT_STATUS(ann.get(conversation_target(999'999, "/presence")), 404);
}

}  // namespace
}  // namespace parley::testing
