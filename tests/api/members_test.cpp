// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

/// api.md section 3: who may do what in a group.
class Members : public ApiTest {
protected:
    Members()
        : owner(sign_up("owner")),
          admin(sign_up("admin")),
          member(sign_up("member")),
          guest(sign_up("guest")),
          stranger(sign_up("stranger")),
          group(create_group(owner)) {
        for (auto [user, role] : {std::pair{&admin, "admin"}, {&member, "member"}, {&guest, "guest"}}) EXPECT_EQ(put(owner, *user, role).status, 201);
    }

    Answer put(ApiClient& by, const ApiClient& whom, std::string_view role) { return by.put(member_target(group, whom), {{"role", role}}); }
    Answer remove(ApiClient& by, const ApiClient& whom) { return by.remove(member_target(group, whom)); }
    std::string role_of(ApiClient& user) { return user.get(conversation_target(group))["my"]["role"].string(); }

    ApiClient owner, admin, member, guest, stranger;
    std::int64_t group;
};

TEST_F(Members, AreListedWithTheirRoles) {
    const auto answer = guest.get(group_target(group, "/members"));
    EXPECT_STATUS(answer, 200);
    std::map<std::int64_t, std::string> roles;
    for (const auto& item : answer["items"].items()) {
        roles[item["user"]["id"].integer()] = item["role"].string();
        EXPECT_TRUE(item.has("joined_at"));
        EXPECT_FALSE(item["user"].has("email"));
    }
    EXPECT_EQ(roles, (std::map<std::int64_t, std::string>{{owner.id, "owner"}, {admin.id, "admin"}, {member.id, "member"}, {guest.id, "guest"}}));
}

TEST_F(Members, AddingIs201AndChangingIs200) {
    const auto added = put(admin, stranger, "member");
    EXPECT_STATUS(added, 201);
    EXPECT_EQ(added["user"]["id"], stranger.id);
    EXPECT_EQ(added["role"], "member");
    EXPECT_STATUS(put(admin, stranger, "guest"), 200);
    EXPECT_EQ(role_of(stranger), "guest");
}

TEST_F(Members, AChangeOfRoleIsAnEventAndTheSameRoleAgainIsNone) {
    EXPECT_STATUS(put(owner, member, "guest"), 200);
    const auto events = events_of(owner, group);
    EXPECT_EQ(events.back()["event"], "member.role_changed");
    EXPECT_EQ(events.back()["data"], (boost::json::value{{"user_id", member.id}, {"role", "guest"}}));
    EXPECT_EQ(events.back()["actor_id"], owner.id);
    EXPECT_STATUS(put(owner, member, "guest"), 200);
    EXPECT_EQ(events_of(owner, group).size(), events.size());
}

TEST_F(Members, AreAddedAndRemovedByAdminsAndOwnersOnly) {
    for (auto* user : {&member, &guest}) {
        EXPECT_PROBLEM(put(*user, stranger, "member"), 403, "groups.not_allowed");
        EXPECT_PROBLEM(put(*user, admin, "guest"), 403, "groups.not_allowed");
        EXPECT_PROBLEM(remove(*user, admin), 403, "groups.not_allowed");
    }
    EXPECT_STATUS(stranger.get(conversation_target(group)), 404);
}

TEST_F(Members, NobodyGrantsAboveTheirOwnRole) {
    EXPECT_PROBLEM(put(admin, member, "owner"), 403, "groups.role_above_own");
    EXPECT_PROBLEM(put(admin, stranger, "owner"), 403, "groups.role_above_own");
    EXPECT_PROBLEM(put(admin, admin, "owner"), 403, "groups.role_above_own");
    EXPECT_STATUS(put(admin, member, "admin"), 200);
}

TEST_F(Members, OwnersAreChangedByOwnersOnly) {
    EXPECT_PROBLEM(put(admin, owner, "member"), 403, "groups.owners_only");
    EXPECT_PROBLEM(remove(admin, owner), 403, "groups.owners_only");
    EXPECT_STATUS(put(owner, admin, "owner"), 200);
    EXPECT_STATUS(put(admin, owner, "member"), 200) << "an owner now";
    EXPECT_EQ(role_of(owner), "member");
}

TEST_F(Members, TheLastOwnerIsNotDemotedNorRemoved) {
    EXPECT_PROBLEM(put(owner, owner, "admin"), 409, "groups.last_owner");
    EXPECT_PROBLEM(remove(owner, owner), 409, "groups.last_owner");
    EXPECT_EQ(role_of(owner), "owner");
}

TEST_F(Members, AreRemovedAndHearOfItLast) {
    auto inbox = open_socket(member);
    inbox.wait_for_type("hello");
    EXPECT_STATUS(remove(admin, member), 204);
    const auto left = inbox.wait_for_event("member.left");
    EXPECT_EQ(left["data"]["user_id"], member.id);
    EXPECT_EQ(left["actor_id"], admin.id);
    post_message(owner, group, "without you");
    EXPECT_TRUE(inbox.stays_quiet(std::chrono::milliseconds{200}));
    EXPECT_STATUS(member.get(conversation_target(group)), 404);
}

TEST_F(Members, RemovingWhoIsNotThereIs404) {
    EXPECT_STATUS(remove(admin, stranger), 404);
    EXPECT_STATUS(owner.remove(group_target(group, "/members/999999999")), 404);
}

TEST_F(Members, AnUnknownUserIsNotAdded) {
    const auto answer = owner.put(group_target(group, "/members/999999999"), {{"role", "member"}});
    EXPECT_TRUE(answer.status == 404 || answer.status == 422) << answer;
}

TEST_F(Members, ARoleThatIsNoneIsRefused) {
    const auto answer = put(owner, member, "king");
    EXPECT_TRUE(answer.status == 400 || answer.status == 422) << answer;
    EXPECT_EQ(answer["errors"][0]["pointer"], "/role");
}

TEST_F(Members, AGuestReadsAndWritesAndChangesNothing) {
    const auto mine = post_message(guest, group, "hello from a guest")["seq"].integer();
    EXPECT_STATUS(guest.get(conversation_target(group, "/messages")), 200);
    EXPECT_STATUS(guest.patch(group_target(group), {{"name", "mine"}}), 403);
    EXPECT_STATUS(guest.remove(group_target(group)), 403);
    EXPECT_STATUS(guest.put(message_target(group, mine, "/pin")), 403);
    EXPECT_STATUS(guest.post(group_target(group, "/leave")), 204);
}

TEST_F(Members, TheGroupIsChangedByAdminsAndDeletedByOwners) {
    EXPECT_STATUS(member.patch(group_target(group), {{"description", "x"}}), 403);
    EXPECT_STATUS(admin.patch(group_target(group), {{"description", "x"}}), 200);
    EXPECT_STATUS(admin.remove(group_target(group)), 403);
    EXPECT_STATUS(owner.remove(group_target(group)), 204);
}

TEST_F(Members, PinsAreForAdminsAndOwners) {
    const auto seq = post_message(member, group, "pin me")["seq"].integer();
    for (auto* user : {&member, &guest}) {
        EXPECT_PROBLEM(user->put(message_target(group, seq, "/pin")), 403, "groups.not_allowed");
        EXPECT_PROBLEM(user->remove(message_target(group, seq, "/pin")), 403, "groups.not_allowed");
    }
    EXPECT_STATUS(admin.put(message_target(group, seq, "/pin")), 204);
    EXPECT_STATUS(owner.remove(message_target(group, seq, "/pin")), 204);
}

TEST_F(Members, MessagesAreDeletedByAuthorAdminAndOwner) {
    const auto first = post_message(member, group, "one")["seq"].integer(), second = post_message(member, group, "two")["seq"].integer(),
               third = post_message(member, group, "three")["seq"].integer();
    EXPECT_STATUS(guest.remove(message_target(group, first)), 403);
    EXPECT_STATUS(member.remove(message_target(group, first)), 204);
    EXPECT_STATUS(admin.remove(message_target(group, second)), 204);
    EXPECT_STATUS(owner.remove(message_target(group, third)), 204);
}

TEST_F(Members, OnlyTheAuthorEdits) {
    const auto seq = post_message(member, group, "mine")["seq"].integer();
    for (auto* user : {&owner, &admin, &guest}) EXPECT_STATUS(user->patch(message_target(group, seq), {{"text", "yours"}}), 403);
    EXPECT_STATUS(member.patch(message_target(group, seq), {{"text", "still mine"}}), 200);
}

}  // namespace
}  // namespace parley::testing
