// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

/// api.md section 3: groups.
class Groups : public ApiTest {};

TEST_F(Groups, AreMadePrivateAndOwnedByTheirMaker) {
    auto ann = sign_up("ann");
    const auto answer = ann.post("/groups", {{"name", "Chess"}, {"description", "on Fridays"}});
    ASSERT_EQ(answer.status, 201) << answer;
    EXPECT_EQ(answer["kind"], "group");
    EXPECT_EQ(answer["name"], "Chess");
    EXPECT_EQ(answer["description"], "on Fridays");
    EXPECT_EQ(answer["visibility"], "private");
    EXPECT_EQ(answer["member_count"], 1);
    EXPECT_EQ(answer["my"]["role"], "owner");
    EXPECT_EQ(answer["peer"], nullptr);
    EXPECT_EQ(answer["last_seq"], 1);
}

TEST_F(Groups, MayHaveMembersFromTheStart) {
    auto ann = sign_up("ann"), bob = sign_up("bob"), cat = sign_up("cat");
    const auto group = create_group(ann, {&bob, &cat, &bob});
    const auto events = events_of(ann, group);
    EXPECT_EQ(texts(events, "event"), (std::vector<std::string>(3, "member.joined")));
    EXPECT_EQ(events[0]["data"], (boost::json::value{{"user_id", ann.id}, {"role", "owner"}}));
    EXPECT_EQ(events[1]["data"], (boost::json::value{{"user_id", bob.id}, {"role", "member"}}));
    EXPECT_EQ(events[2]["data"], (boost::json::value{{"user_id", cat.id}, {"role", "member"}}));
    EXPECT_EQ(bob.get(conversation_target(group))["member_count"], 3);
}

TEST_F(Groups, WithAnUnknownMemberAreNotMade) {
    auto ann = sign_up("ann");
    EXPECT_EQ(ann.post("/groups", {{"name", "g"}, {"member_ids", {999'999'999}}}).status, 422);
    EXPECT_EQ(ann.get("/conversations")["items"].size(), 0U);
}

TEST_F(Groups, HaveANameOfOneTo255Characters) {
    auto ann = sign_up("ann");
    const auto named = [&](const std::string& name) { return ann.post("/groups", {{"name", name}}); };
    EXPECT_STATUS(named(std::string(255, 'n')), 201);
    std::string wide;
    for (int i = 0; i < 255; ++i) wide += "\u00E9";
    EXPECT_STATUS(named(wide), 201) << "characters are counted, not bytes";
    for (const auto& name : {std::string(256, 'n'), std::string{}, std::string{"   "}, std::string{"a\nb"}}) {
        const auto answer = named(name);
        EXPECT_EQ(answer.status, 422) << answer;
        EXPECT_EQ(answer["errors"][0]["pointer"], "/name") << answer;
    }
}

TEST_F(Groups, AVisibilityThatIsNoneIsRefused) {
    const auto answer = sign_up("ann").post("/groups", {{"name", "g"}, {"visibility", "secret"}});
    EXPECT_TRUE(answer.status == 422 || answer.status == 400) << answer;
    EXPECT_EQ(answer["errors"][0]["pointer"], "/visibility");
}

TEST_F(Groups, PublicNamesAreUniqueWithoutRegardToCase) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto name = fresh("Harbour");
    EXPECT_STATUS(ann.post("/groups", {{"name", name}, {"visibility", "public"}}), 201);
    EXPECT_PROBLEM(bob.post("/groups", {{"name", "HARBOUR" + name.substr(7)}, {"visibility", "public"}}), 409, "groups.name_taken");
    EXPECT_STATUS(bob.post("/groups", {{"name", name}}), 201) << "a private one may be called the same";
}

TEST_F(Groups, APrivateOneBecomesPublicOnlyUnderAFreeName) {
    auto ann = sign_up("ann");
    const auto name = fresh("Harbour");
    EXPECT_STATUS(ann.post("/groups", {{"name", name}, {"visibility", "public"}}), 201);
    const auto twin = ann.post("/groups", {{"name", name}})["id"].integer();
    EXPECT_PROBLEM(ann.patch(group_target(twin), {{"visibility", "public"}}), 409, "groups.name_taken");
    EXPECT_STATUS(ann.patch(group_target(twin), {{"visibility", "public"}, {"name", name + "b"}}), 200);
}

TEST_F(Groups, ADeletedOnesNameIsFree) {
    auto ann = sign_up("ann");
    const auto name = fresh("Harbour");
    const auto first = ann.post("/groups", {{"name", name}, {"visibility", "public"}})["id"].integer();
    EXPECT_STATUS(ann.remove(group_target(first)), 204);
    EXPECT_STATUS(ann.post("/groups", {{"name", name}, {"visibility", "public"}}), 201);
}

TEST_F(Groups, PublicOnesAreFoundAndPrivateOnesAreNot) {
    auto ann = sign_up("ann"), eve = sign_up("eve");
    const auto name = fresh("Lighthouse");
    const auto open = ann.post("/groups", {{"name", name + " open"}, {"visibility", "public"}})["id"].integer();
    ann.post("/groups", {{"name", name + " shut"}});
    const auto found = eve.get("/groups?q=" + name)["items"].items();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0]["id"], open);
    EXPECT_EQ(found[0]["my"], nullptr);
}

TEST_F(Groups, APrivateOneIsInvisible) {
    auto ann = sign_up("ann"), eve = sign_up("eve");
    const auto group = create_group(ann);
    EXPECT_STATUS(eve.get(conversation_target(group)), 404);
    EXPECT_STATUS(eve.get(group_target(group, "/members")), 404);
    EXPECT_STATUS(eve.post(group_target(group, "/join")), 404);
    EXPECT_STATUS(eve.post(group_target(group, "/leave")), 404);
    EXPECT_STATUS(eve.patch(group_target(group), {{"name", "mine"}}), 404);
    EXPECT_STATUS(eve.remove(group_target(group)), 404);
    EXPECT_STATUS(eve.put(member_target(group, eve), {{"role", "member"}}), 404);
    EXPECT_STATUS(eve.remove(member_target(group, ann)), 404);
}

TEST_F(Groups, APrivateOneAnswersAsOneThatNeverWas) {
    auto ann = sign_up("ann"), eve = sign_up("eve");
    const auto group = create_group(ann);
    const auto hidden = eve.get(conversation_target(group)), absent = eve.get(conversation_target(999'999'999));
    EXPECT_EQ(hidden["code"], absent["code"]);
    EXPECT_EQ(hidden["detail"], absent["detail"]);
}

TEST_F(Groups, AreChangedInPartAndTellWhatChanged) {
    auto ann = sign_up("ann");
    const auto group = create_group(ann);
    const auto answer = ann.patch(group_target(group), {{"description", "new"}});
    EXPECT_STATUS(answer, 200);
    EXPECT_EQ(answer["description"], "new");
    const auto events = events_of(ann, group);
    EXPECT_EQ(events.back()["event"], "conversation.updated");
    EXPECT_EQ(events.back()["actor_id"], ann.id);
    EXPECT_EQ(events.back()["data"], (boost::json::value{{"description", "new"}}));
}

TEST_F(Groups, AChangeThatChangesNothingIsNoEvent) {
    auto ann = sign_up("ann");
    const auto group = create_group(ann);
    EXPECT_STATUS(ann.patch(group_target(group), {{"visibility", "private"}}), 200);
    EXPECT_STATUS(ann.patch(group_target(group), boost::json::object{}), 200);
    EXPECT_EQ(events_of(ann, group).size(), 1U);
}

TEST_F(Groups, AreDeletedByTheirOwnerAndGoneForAll) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = create_group(ann, {&bob});
    post_message(ann, group, "soon gone");
    auto inbox = open_socket(bob);
    inbox.wait_for_type("hello");
    EXPECT_STATUS(bob.remove(group_target(group)), 403);
    EXPECT_STATUS(ann.remove(group_target(group)), 204);
    EXPECT_EQ(inbox.wait_for_event("conversation.deleted")["data"].size(), 0U);
    for (const auto* rest : {"", "/messages", "/events"}) EXPECT_EQ(bob.get(conversation_target(group, rest)).status, 404) << rest;
    EXPECT_EQ(bob.get("/conversations")["items"].size(), 0U);
    EXPECT_STATUS(ann.remove(group_target(group)), 404);
}

TEST_F(Groups, PublicOnesAreJoined) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = create_group(ann, {}, "public");
    const auto joined = bob.post(group_target(group, "/join"));
    EXPECT_STATUS(joined, 200);
    EXPECT_EQ(joined["user"]["id"], bob.id);
    EXPECT_EQ(joined["role"], "member");
    EXPECT_TRUE(joined.json().has("joined_at"));
    EXPECT_STATUS(bob.get(conversation_target(group, "/messages")), 200);
    EXPECT_EQ(events_of(ann, group).back()["data"], (boost::json::value{{"user_id", bob.id}, {"role", "member"}}));
}

TEST_F(Groups, JoiningTwiceIsFineAndHappensOnce) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = create_group(ann, {}, "public");
    const auto first = bob.post(group_target(group, "/join")), second = bob.post(group_target(group, "/join"));
    EXPECT_STATUS(second, 200);
    EXPECT_EQ(second["joined_at"], first["joined_at"]);
    EXPECT_EQ(events_of(ann, group).size(), 2U);
    EXPECT_EQ(ann.post(group_target(group, "/join"))["role"], "owner");
}

TEST_F(Groups, AreLeft) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = create_group(ann, {&bob});
    auto inbox = open_socket(bob);
    inbox.wait_for_type("hello");
    EXPECT_STATUS(bob.post(group_target(group, "/leave")), 204);
    EXPECT_EQ(inbox.wait_for_event("member.left")["data"], (boost::json::value{{"user_id", bob.id}, {"role", "member"}}));
    EXPECT_STATUS(bob.get(conversation_target(group)), 404);
    EXPECT_EQ(ann.get(conversation_target(group))["member_count"], 1);
    EXPECT_EQ(events_of(ann, group).back()["event"], "member.left");
}

TEST_F(Groups, LeavingAPublicOneOneIsNotInIsFine) {
    auto ann = sign_up("ann"), eve = sign_up("eve");
    const auto group = create_group(ann, {}, "public");
    EXPECT_STATUS(eve.post(group_target(group, "/leave")), 204);
    EXPECT_EQ(events_of(ann, group).size(), 1U);
}

TEST_F(Groups, TheLastOwnerStaysWhileOthersDo) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = create_group(ann, {&bob});
    EXPECT_PROBLEM(ann.post(group_target(group, "/leave")), 409, "groups.last_owner");
    EXPECT_STATUS(ann.put(member_target(group, bob), {{"role", "owner"}}), 200);
    EXPECT_STATUS(ann.post(group_target(group, "/leave")), 204);
    EXPECT_EQ(bob.get(conversation_target(group))["my"]["role"], "owner");
}

TEST_F(Groups, TheLastOneOutTurnsOffTheLight) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = create_group(ann, {}, "public");
    auto inbox = open_socket(ann);
    inbox.wait_for_type("hello");
    EXPECT_STATUS(ann.post(group_target(group, "/leave")), 204);
    EXPECT_EQ(inbox.wait_for_event("member.left")["data"]["user_id"], ann.id);
    EXPECT_STATUS(ann.get(conversation_target(group)), 404);
    EXPECT_STATUS(bob.post(group_target(group, "/join")), 404);
}

}  // namespace
}  // namespace parley::testing
