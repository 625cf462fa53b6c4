// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

#include <algorithm>
#include <set>

namespace parley::testing {
namespace {

/// api.md section 3: conversations, direct ones, mute.
class Conversations : public ApiTest {};

TEST_F(Conversations, ADirectOneHasTwoMembersAndAPeer) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto answer = ann.post("/conversations/direct", {{"user_id", bob.id}});
    ASSERT_EQ(answer.status, 201) << answer;
    EXPECT_EQ(answer["kind"], "direct");
    EXPECT_EQ(answer["member_count"], 2);
    EXPECT_EQ(answer["last_seq"], 2) << "two joined";
    EXPECT_EQ(answer["peer"]["id"], bob.id);
    EXPECT_EQ(answer["my"]["role"], "member");
    EXPECT_EQ(answer["my"]["unread_count"], 0);
    EXPECT_EQ(answer["my"]["muted_until"], nullptr);
    EXPECT_EQ(answer["last_message"], nullptr);
    EXPECT_EQ(bob.get(conversation_target(answer["id"].integer()))["peer"]["id"], ann.id);
}

TEST_F(Conversations, ADirectOneIsMadeOnceFromEitherSide) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto first = ann.post("/conversations/direct", {{"user_id", bob.id}});
    const auto again = ann.post("/conversations/direct", {{"user_id", bob.id}});
    const auto other_side = bob.post("/conversations/direct", {{"user_id", ann.id}});
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(other_side.status, 200);
    EXPECT_EQ(again["id"], first["id"]);
    EXPECT_EQ(other_side["id"], first["id"]);
}

TEST_F(Conversations, ManyWhoOpenADirectOneAtOnceGetTheSame) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    std::mutex mutex;
    std::multiset<int> statuses;
    std::set<std::int64_t> ids;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 8; ++i) {
            callers.emplace_back([&, i] {
                auto caller = server().anonymous();
                caller.token = i % 2 == 0 ? ann.token : bob.token;
                const auto answer = caller.post("/conversations/direct", {{"user_id", i % 2 == 0 ? bob.id : ann.id}});
                const std::scoped_lock lock{mutex};
                statuses.insert(answer.status);
                ids.insert(answer["id"].integer());
            });
        }
    }
    EXPECT_EQ(ids.size(), 1U);
    EXPECT_EQ(statuses.count(201), 1U);
    EXPECT_EQ(statuses.count(200), 7U);
}

TEST_F(Conversations, NobodyOpensOneWithThemselvesOrWithNobody) {
    auto ann = sign_up("ann");
    EXPECT_EQ(ann.post("/conversations/direct", {{"user_id", ann.id}}).status, 422);
    const auto nobody = ann.post("/conversations/direct", {{"user_id", 999'999'999}});
    EXPECT_TRUE(nobody.status == 422 || nobody.status == 404) << nobody;
}

TEST_F(Conversations, ADirectOneIsNoGroup) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto direct = open_direct(ann, bob);
    EXPECT_STATUS(ann.patch(group_target(direct), {{"name", "x"}}), 404);
    EXPECT_STATUS(ann.remove(group_target(direct)), 404);
    EXPECT_STATUS(ann.post(group_target(direct, "/join")), 404);
    EXPECT_STATUS(ann.post(group_target(direct, "/leave")), 404);
    EXPECT_STATUS(ann.get(group_target(direct, "/members")), 404);
    EXPECT_STATUS(ann.remove(member_target(direct, bob)), 404);
}

TEST_F(Conversations, BothOfADirectOneMayPin) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto direct = open_direct(ann, bob);
    const auto seq = post_message(ann, direct, "pin me")["seq"].integer();
    EXPECT_STATUS(bob.put(message_target(direct, seq, "/pin")), 204);
    EXPECT_EQ(ann.get(message_target(direct, seq))["pinned"], true);
}

TEST_F(Conversations, OfOthersAreNotThere) {
    auto ann = sign_up("ann"), bob = sign_up("bob"), eve = sign_up("eve");
    const auto direct = open_direct(ann, bob);
    post_message(ann, direct, "between us");
    for (const auto* rest : {"", "/messages", "/messages/3", "/events"}) EXPECT_EQ(eve.get(conversation_target(direct, rest)).status, 404) << rest;
    EXPECT_STATUS(eve.post(conversation_target(direct, "/messages"), {{"text", "hi"}}), 404);
    EXPECT_STATUS(eve.put(conversation_target(direct, "/read"), {{"seq", 1}}), 404);
    EXPECT_STATUS(eve.put(conversation_target(direct, "/mute"), {{"until", nullptr}}), 404);
    EXPECT_EQ(eve.get("/conversations")["items"].size(), 0U);
}

TEST_F(Conversations, OnesOwnAreListedByLatestActivity) {
    auto ann = sign_up("ann");
    const auto first = create_group(ann), second = create_group(ann), third = create_group(ann);
    const auto order = [&] { return numbers(ann.get("/conversations")["items"].items(), "id"); };
    EXPECT_EQ(order(), (std::vector{third, second, first}));
    post_message(ann, first, "awake");
    EXPECT_EQ(order(), (std::vector{first, third, second}));
}

TEST_F(Conversations, ShowTheLastMessageAndWhatIsUnread) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = create_group(ann, {&bob});
    post_message(ann, group, "one");
    post_message(ann, group, "two");
    const auto for_bob = bob.get("/conversations")["items"][0];
    EXPECT_EQ(for_bob["last_message"]["text"], "two");
    EXPECT_EQ(for_bob["my"]["unread_count"], 2);
    EXPECT_EQ(for_bob["last_seq"], 4);
    EXPECT_EQ(ann.get("/conversations")["items"][0]["my"]["unread_count"], 0) << "one's own are not unread";
}

TEST_F(Conversations, AreMutedUntilATimeOrNotAtAll) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = create_group(ann, {&bob});
    const auto muted = ann.put(conversation_target(group, "/mute"), {{"until", "2099-01-02T03:04:05.678Z"}});
    EXPECT_STATUS(muted, 200);
    EXPECT_EQ(muted["my"]["muted_until"], "2099-01-02T03:04:05.678Z");
    EXPECT_EQ(bob.get(conversation_target(group))["my"]["muted_until"], nullptr) << "each their own";
    EXPECT_EQ(ann.get("/conversations")["items"][0]["my"]["muted_until"], "2099-01-02T03:04:05.678Z");
    EXPECT_EQ(ann.put(conversation_target(group, "/mute"), {{"until", nullptr}})["my"]["muted_until"], nullptr);
}

TEST_F(Conversations, MuteAsksForATime) {
    auto ann = sign_up("ann");
    const auto group = create_group(ann);
    EXPECT_FIELD_PROBLEM(ann.put(conversation_target(group, "/mute"), boost::json::object{}), 422, "required", "/until");
    EXPECT_EQ(ann.put(conversation_target(group, "/mute"), {{"until", "tomorrow"}})["errors"][0]["pointer"], "/until");
    EXPECT_FIELD_PROBLEM(ann.put(conversation_target(group, "/mute"), {{"until", 7}}), 400, "wrong_type", "/until");
}

TEST_F(Conversations, APublicOneShowsItselfToAnybodyButNotItsContents) {
    auto ann = sign_up("ann"), eve = sign_up("eve");
    const auto group = create_group(ann, {}, "public");
    post_message(ann, group, "members only");
    const auto seen = eve.get(conversation_target(group));
    EXPECT_STATUS(seen, 200);
    EXPECT_EQ(seen["my"], nullptr);
    EXPECT_EQ(seen["last_message"], nullptr);
    EXPECT_FALSE(seen.body.contains("members only"));
    for (const auto* rest : {"/messages", "/messages/2", "/events"}) {
        EXPECT_PROBLEM(eve.get(conversation_target(group, rest)), 403, "chat.not_a_member");
    }
    EXPECT_PROBLEM(eve.get(group_target(group, "/members")), 403, "chat.not_a_member");
    EXPECT_PROBLEM(eve.post(conversation_target(group, "/messages"), {{"text", "hi"}}), 403, "chat.not_a_member");
}

TEST_F(Conversations, AskForASignIn) {
    for (const auto* target : {"/conversations", "/conversations/1", "/conversations/1/messages", "/sync", "/groups", "/groups/1/members"}) {
        EXPECT_PROBLEM(anonymous().get(target), 401, "auth.required");
    }
}

}  // namespace
}  // namespace parley::testing
