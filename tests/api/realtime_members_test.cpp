// SPDX-License-Identifier: Apache-2.0
#include "api/realtime.hpp"

#include <algorithm>
#include <thread>

namespace parley::testing {
namespace {

/// Who hears what, while membership changes.
class SocketMembership : public ApiTest {
protected:
    SocketMembership() : ann(sign_up("ann")), bob(sign_up("bob")) {}
    static SocketClient connect(const ApiClient& user) { return testing::connect(server().address(), user); }

    ApiClient ann, bob;
};

TEST_F(SocketMembership, ANewMemberHearsFromTheOwnJoinOn) {
    const auto group = create_group(ann);
    post_message(ann, group, "before");
    auto inbox = connect(bob);
    EXPECT_STATUS(ann.put(member_target(group, bob), {{"role", "member"}}), 201);
    post_message(ann, group, "after");
    const auto joined = inbox.next(), message = inbox.next();
    EXPECT_EQ(joined["event"], "member.joined");
    EXPECT_EQ(joined["data"], boost::json::value({{"user_id", bob.id}, {"role", "member"}}));
    EXPECT_EQ(message["seq"], joined["seq"].integer() + 1);
}

TEST_F(SocketMembership, ANewGroupIsHeardFromItsFirstEvent) {
    auto inbox = connect(bob), owner = connect(ann);
    const auto group = create_group(ann, {&bob});
    Seen seen;
    read_to_event(owner, seen, group, 2);
    EXPECT_EQ(seen[group], from_to(1, 2));
    EXPECT_EQ(inbox.next()["seq"], 2) << "the own join is the first";
    const auto direct = open_direct(bob, ann);
    Seen of_ann, of_bob;
    read_to_event(owner, of_ann, direct, 2);
    read_to_event(inbox, of_bob, direct, 2);
    EXPECT_LE(of_bob[direct].front(), 2);
}

TEST_F(SocketMembership, TheOwnLeaveIsTheLastEvent) {
    const auto group = create_group(ann, {&bob});
    auto leaver = connect(bob), second_device = connect(bob), owner = connect(ann);
    EXPECT_STATUS(bob.post(group_target(group, "/leave")), 204);
    post_message(ann, group, "without bob");
    for (auto* socket : {&leaver, &second_device}) {
        const auto left = socket->next();
        EXPECT_EQ(left["event"], "member.left");
        EXPECT_EQ(left["data"]["user_id"], bob.id);
        EXPECT_TRUE(socket->stays_quiet(60ms));
    }
    EXPECT_EQ(owner.wait_for_event("message.created")["data"]["message"]["text"], "without bob");
}

TEST_F(SocketMembership, ARemovedMemberCannotResume) {
    const auto group = create_group(ann, {&bob});
    Json hello;
    auto socket = testing::connect(server().address(), bob, &hello);
    EXPECT_STATUS(ann.remove(member_target(group, bob)), 204);
    EXPECT_EQ(socket.wait_for_event("member.left")["actor_id"], ann.id);
    EXPECT_EQ(socket.ask(resume_frame(1, hello["epoch"].string(), group, 0))["data"]["conversations"].size(), 0U);
    EXPECT_EQ(socket.ask(send_frame(2, group, "x"))["error"]["code"], "not_found");
}

TEST_F(SocketMembership, WhoComesBackHearsFromThereOn) {
    const auto group = create_group(ann, {&bob});
    auto inbox = connect(bob);
    EXPECT_STATUS(ann.remove(member_target(group, bob)), 204);
    post_message(ann, group, "unheard");
    EXPECT_STATUS(ann.put(member_target(group, bob), {{"role", "guest"}}), 201);
    post_message(ann, group, "heard");
    EXPECT_EQ(inbox.next()["event"], "member.left");
    EXPECT_EQ(inbox.next()["event"], "member.joined");
    EXPECT_EQ(inbox.next()["data"]["message"]["text"], "heard");
}

TEST_F(SocketMembership, ADeletedGroupEndsWithItsDeletion) {
    const auto group = create_group(ann, {&bob});
    auto inbox = connect(bob), owner = connect(ann);
    EXPECT_STATUS(ann.remove(group_target(group)), 204);
    for (auto* socket : {&inbox, &owner}) {
        const auto last = socket->next();
        EXPECT_EQ(last["event"], "conversation.deleted");
        EXPECT_EQ(last["seq"], 3);
        EXPECT_EQ(last["data"], boost::json::value(boost::json::object{}));
        EXPECT_TRUE(socket->stays_quiet(30ms));
    }
}

TEST_F(SocketMembership, TheLastOneOutHearsTheOwnLeaveLast) {
    const auto group = create_group(ann);
    auto socket = connect(ann);
    EXPECT_STATUS(ann.post(group_target(group, "/leave")), 204);
    EXPECT_EQ(socket.next()["event"], "member.left");
    EXPECT_TRUE(socket.stays_quiet(60ms));
    EXPECT_EQ(ann.get(conversation_target(group, "/events")).status, 404);
}

TEST_F(SocketMembership, NobodyElseHearsAnything) {
    auto eve = sign_up("eve");
    auto ear = connect(eve);
    const auto group = create_group(ann, {&bob}, "public");
    post_message(ann, group, "not for eve");
    EXPECT_STATUS(bob.put(conversation_target(group, "/read"), {{"seq", 3}}), 200);
    EXPECT_TRUE(ear.stays_quiet(60ms));
}

/// Three shards, writers and a member that comes and goes, and receivers on all shards.
class UnderLoad : public ::testing::Test {
protected:
    /// What a socket of a member who comes and goes saw has gaps only between a leave and the next join.
    static void expect_whole_memberships(const std::vector<Json>& events, std::int64_t user) {
        bool inside = false;
        std::int64_t last = 0;
        for (const auto& event : events) {
            const auto seq = event["seq"].integer();
            const bool about_user = event["data"]["user_id"] == user;
            if (inside) EXPECT_EQ(seq, last + 1) << event;
            else EXPECT_TRUE(event["event"] == "member.joined" && about_user) << event;
            if (!inside) EXPECT_GT(seq, last);
            inside = !(event["event"] == "member.left" && about_user);
            last = seq;
        }
    }

    TestServer server{{{"server.threads", "3"}}};
    ApiClient ann = server.sign_up("ann"), bob = server.sign_up("bob"), cat = server.sign_up("cat");
    std::int64_t group = create_group(ann, {&bob});
};

TEST_F(UnderLoad, EveryViewIsConsecutiveWhileMembersComeAndGo) {
    std::vector<SocketClient> steady, fickle;
    for (int i = 0; i < 4; ++i) steady.push_back(connect(server.address(), i % 2 == 0 ? ann : bob));
    for (int i = 0; i < 3; ++i) fickle.push_back(connect(server.address(), cat));
    std::vector<std::jthread> threads;
    std::atomic<int> writing = 2;
    for (const auto* user : {&ann, &bob}) {
        threads.emplace_back([&, user] {
            auto sender = connect(server.address(), *user);
            for (int i = 0; i < 400; ++i) sender.send(send_frame(i, group, "load"));
            sender.wait_for_answer(399);
            --writing;
        });
    }
    threads.emplace_back([&] {
        for (int i = 0; i < 6 || writing > 0; ++i) {
            ann.put(member_target(group, cat), {{"role", "member"}});
            ann.remove(member_target(group, cat));
        }
    });
    threads.clear();
    const auto last = ann.get(conversation_target(group))["last_seq"].integer();
    for (auto& socket : steady) {
        Seen seen;
        read_to_event(socket, seen, group, last);
        EXPECT_LE(seen[group].front(), 3);
        EXPECT_EQ(seen[group], from_to(seen[group].front(), last));
    }
    // The last thing that happens to cat is a removal, and it is the last event of all.
    for (auto& socket : fickle) {
        std::vector<Json> events;
        socket.wait_for([&](const Json& frame) {
            events.push_back(frame);
            return frame["seq"] == last;
        });
        expect_whole_memberships(events, cat.id);
    }
}

TEST_F(UnderLoad, ResumesOfAMemberWhoIsRemovedMeanwhileLeaveNoGap) {
    for (int round = 0; round < 12; ++round) {
        ASSERT_LT(ann.put(member_target(group, cat), {{"role", "member"}}).status, 300);
        for (int i = 0; i < 3; ++i) post_message(ann, group, "x");
        Json hello;
        auto socket = connect(server.address(), cat, &hello);
        const auto joined = cat.get(conversation_target(group))["last_seq"].integer() - 3;
        std::jthread removal{[&] { ann.remove(member_target(group, cat)); }};
        socket.send(resume_frame(1, hello["epoch"].string(), group, joined));
        // The removal may come before, within or behind the replay; what comes of the conversation is consecutive and ends with it.
        std::vector<std::int64_t> seqs;
        bool answered = false, left = false;
        while (!answered || !left) {
            const auto frame = socket.next();
            if (frame["type"] == "ok") answered = true;
            if (frame["type"] == "event") seqs.push_back(frame["seq"].integer());
            left = left || frame["event"] == "member.left";
        }
        // What was committed just before hello may still come live; the replay starts the conversation anew.
        const auto replayed = std::ranges::find(seqs, joined + 1);
        if (replayed != seqs.end()) seqs.erase(seqs.begin(), replayed);
        ASSERT_FALSE(seqs.empty());
        EXPECT_EQ(seqs, from_to(seqs.front(), joined + 4)) << "round " << round;
    }
}

}  // namespace
}  // namespace parley::testing
