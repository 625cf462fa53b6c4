// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

#include <set>

namespace parley::testing {
namespace {

/// api.md section 1: lists, their limits and cursors.
class Lists : public ApiTest {
protected:
    /// All items of a list, page by page.
    static std::vector<Json> walk(ApiClient& user, const std::string& target) {
        std::vector<Json> all;
        for (std::string cursor;;) {
            const auto page = user.get(target + (cursor.empty() ? "" : "&cursor=" + cursor));
            EXPECT_EQ(page.status, 200) << page;
            for (const auto& item : page["items"].items()) all.push_back(item);
            if (page.status != 200 || page["next_cursor"].is_null()) return all;
            cursor = page["next_cursor"].string();
        }
    }
};

TEST_F(Lists, AreWalkedByCursorWithoutLossOrRepetition) {
    auto ann = sign_up("ann");
    std::set<std::int64_t> made;
    for (int i = 0; i < 7; ++i) made.insert(create_group(ann));
    const auto found = numbers(walk(ann, "/conversations?limit=3"), "id");
    EXPECT_EQ(found.size(), 7U);
    EXPECT_EQ(std::set(found.begin(), found.end()), made);
}

TEST_F(Lists, MembersAreWalkedToo) {
    auto ann = sign_up("ann"), bob = sign_up("bob"), cat = sign_up("cat");
    const auto group = create_group(ann, {&bob, &cat});
    const auto members = walk(ann, group_target(group, "/members?limit=1"));
    std::set<std::int64_t> ids;
    for (const auto& member : members) ids.insert(member["user"]["id"].integer());
    EXPECT_EQ(ids, (std::set{ann.id, bob.id, cat.id}));
}

TEST_F(Lists, PeopleAreWalkedToo) {
    const auto name = fresh("zora");
    auto first = server().sign_up(name + "a"), second = server().sign_up(name + "b"), third = server().sign_up(name + "c");
    EXPECT_EQ(texts(walk(first, "/users?limit=1&q=" + name), "username"), (std::vector{name + "a", name + "b", name + "c"}));
}

TEST_F(Lists, PublicGroupsAreWalkedToo) {
    auto ann = sign_up("ann");
    const auto name = fresh("chess");
    for (const auto* end : {"a", "b", "c"}) EXPECT_STATUS(ann.post("/groups", {{"name", name + end}, {"visibility", "public"}}), 201);
    EXPECT_EQ(walk(ann, "/groups?limit=2&q=" + name).size(), 3U);
}

TEST_F(Lists, TheLastPageHasNoCursor) {
    auto ann = sign_up("ann");
    create_group(ann);
    const auto page = ann.get("/conversations?limit=1");
    EXPECT_TRUE(page["next_cursor"].is_null()) << page;
    EXPECT_EQ(page["items"].size(), 1U);
}

TEST_F(Lists, TheLimitIsOneToTwoHundred) {
    auto ann = sign_up("ann");
    for (const auto* limit : {"0", "201", "-1", "x", "1.5", "", "99999999999999999999"}) {
        EXPECT_EQ(ann.get("/conversations?limit=" + std::string{limit}).status, 400) << limit;
    }
    EXPECT_STATUS(ann.get("/conversations?limit=200"), 200);
    EXPECT_STATUS(ann.get("/conversations?limit=1"), 200);
}

TEST_F(Lists, AreOfFiftyWithoutALimit) {
    auto ann = sign_up("ann");
    for (int i = 0; i < 51; ++i) create_group(ann);
    const auto page = ann.get("/conversations");
    EXPECT_EQ(page["items"].size(), 50U);
    EXPECT_FALSE(page["next_cursor"].is_null());
}

TEST_F(Lists, AForgedCursorIsRefused) {
    auto ann = sign_up("ann");
    create_group(ann);
    create_group(ann);
    auto cursor = ann.get("/conversations?limit=1")["next_cursor"].string();
    for (const auto& forged : {std::string{"nonsense"}, std::string{"AAAA"}, cursor + "A", cursor.substr(1), std::string{}}) {
        EXPECT_PROBLEM(ann.get("/conversations?limit=1&cursor=" + forged), 400, "bad_cursor");
    }
    cursor[3] = cursor[3] == 'A' ? 'B' : 'A';
    EXPECT_PROBLEM(ann.get("/conversations?limit=1&cursor=" + cursor), 400, "bad_cursor");
}

TEST_F(Lists, ACursorIsGoodForItsUserOnly) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    create_group(ann, {&bob});
    create_group(ann, {&bob});
    const auto cursor = ann.get("/conversations?limit=1")["next_cursor"].string();
    EXPECT_STATUS(ann.get("/conversations?limit=1&cursor=" + cursor), 200);
    EXPECT_PROBLEM(bob.get("/conversations?limit=1&cursor=" + cursor), 400, "bad_cursor");
}

TEST_F(Lists, ACursorIsGoodForItsListOnly) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto first = create_group(ann, {&bob}), second = create_group(ann, {&bob});
    const auto of_conversations = ann.get("/conversations?limit=1")["next_cursor"].string();
    const auto of_members = ann.get(group_target(first, "/members?limit=1"))["next_cursor"].string();
    EXPECT_PROBLEM(ann.get(group_target(first, "/members?limit=1&cursor=" + of_conversations)), 400, "bad_cursor");
    EXPECT_PROBLEM(ann.get(group_target(second, "/members?limit=1&cursor=" + of_members)), 400, "bad_cursor");
    EXPECT_PROBLEM(ann.get("/sync?cursor=" + of_conversations), 400, "bad_cursor");
}

TEST_F(Lists, ACursorLivesThroughARestart) {
    TestServer own;
    auto ann = own.sign_up("ann");
    const auto first = create_group(ann);
    create_group(ann);
    const auto cursor = ann.get("/conversations?limit=1")["next_cursor"].string();
    own.restart();
    EXPECT_EQ(ann.get("/conversations?limit=1&cursor=" + cursor)["items"][0]["id"], first);
}

}  // namespace
}  // namespace parley::testing
