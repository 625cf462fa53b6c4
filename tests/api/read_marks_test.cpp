// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

#include <algorithm>

namespace parley::testing {
namespace {

/// api.md sections 3 and 4: read marks, unread counts, /sync.
class ReadMarks : public ApiTest {
protected:
    ReadMarks() : ann(sign_up("ann")), bob(sign_up("bob")), group(create_group(ann, {&bob})) {}

    Answer read(ApiClient& user, std::int64_t seq) { return user.put(conversation_target(group, "/read"), {{"seq", seq}}); }
    std::int64_t unread(ApiClient& user) { return user.get(conversation_target(group))["my"]["unread_count"].integer(); }
    /// The conversation as /sync tells of it; absent if it is not named.
    Json synced(ApiClient& user, const std::string& cursor = {}) {
        const auto answer = user.get("/sync" + (cursor.empty() ? "" : "?cursor=" + cursor));
        EXPECT_EQ(answer.status, 200) << answer;
        for (const auto& conversation : answer["conversations"].items()) {
            if (conversation["id"] == group) return conversation;
        }
        return {};
    }

    ApiClient ann, bob;
    std::int64_t group;
};

TEST_F(ReadMarks, MoveForwardAndNeverBack) {
    for (int i = 0; i < 3; ++i) post_message(ann, group, "news");  // 3, 4, 5
    EXPECT_EQ(unread(bob), 3);
    EXPECT_EQ(read(bob, 4).json(), (boost::json::value{{"last_read_seq", 4}, {"unread_count", 1}}));
    EXPECT_EQ(read(bob, 3).json(), (boost::json::value{{"last_read_seq", 4}, {"unread_count", 1}}));
    EXPECT_EQ(read(bob, 0).json(), (boost::json::value{{"last_read_seq", 4}, {"unread_count", 1}}));
    EXPECT_EQ(bob.get(conversation_target(group))["my"]["last_read_seq"], 4);
}

TEST_F(ReadMarks, AreClampedToTheEnd) {
    post_message(ann, group, "news");
    EXPECT_EQ(read(bob, 1'000'000).json(), (boost::json::value{{"last_read_seq", 3}, {"unread_count", 0}}));
    post_message(ann, group, "more");
    EXPECT_EQ(unread(bob), 1);
}

TEST_F(ReadMarks, AskForAPosition) {
    EXPECT_FIELD_PROBLEM(bob.put(conversation_target(group, "/read"), boost::json::object{}), 422, "required", "/seq");
    EXPECT_FIELD_PROBLEM(bob.put(conversation_target(group, "/read"), {{"seq", "3"}}), 400, "wrong_type", "/seq");
    EXPECT_EQ(read(bob, -1)["last_read_seq"], 2) << "never back";
}

TEST_F(ReadMarks, DeletedMessagesAreNotUnread) {
    const auto seq = post_message(ann, group, "oops")["seq"].integer();
    post_message(ann, group, "news");
    EXPECT_EQ(unread(bob), 2);
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_EQ(unread(bob), 1);
    EXPECT_EQ(synced(bob)["unread_count"], 1);
    EXPECT_EQ(read(bob, seq).json()["unread_count"], 1);
}

TEST_F(ReadMarks, OtherEventsAreNotUnread) {
    const auto seq = post_message(ann, group, "news")["seq"].integer();
    ann.put(message_target(group, seq, "/reactions/x"));
    ann.patch(message_target(group, seq), {{"text", "newer"}});
    ann.patch(group_target(group), {{"description", "x"}});
    EXPECT_EQ(unread(bob), 1);
}

TEST_F(ReadMarks, SendingMovesOnesOwn) {
    post_message(ann, group, "question");
    EXPECT_EQ(unread(bob), 1);
    const auto seq = post_message(bob, group, "answer")["seq"];
    EXPECT_EQ(unread(bob), 0);
    EXPECT_EQ(bob.get(conversation_target(group))["my"]["last_read_seq"], seq);
    EXPECT_EQ(unread(ann), 1);
}

TEST_F(ReadMarks, JoiningSetsItToTheJoin) {
    post_message(ann, group, "before");
    auto cat = sign_up("cat");
    EXPECT_STATUS(ann.put(member_target(group, cat), {{"role", "member"}}), 201);
    EXPECT_EQ(unread(cat), 0);
    EXPECT_EQ(cat.get(conversation_target(group))["my"]["last_read_seq"], 4);
    post_message(ann, group, "after");
    EXPECT_EQ(unread(cat), 1);
}

TEST_F(ReadMarks, SyncNamesAllWithoutACursor) {
    post_message(ann, group, "news");
    const auto answer = bob.get("/sync");
    EXPECT_STATUS(answer, 200);
    EXPECT_FALSE(answer["epoch"].string().empty());
    EXPECT_FALSE(answer["cursor"].string().empty());
    EXPECT_EQ(synced(bob), (boost::json::value{{"id", group}, {"last_seq", 3}, {"last_read_seq", 2}, {"unread_count", 1}}));
}

TEST_F(ReadMarks, SyncWithACursorNamesWhatChanged) {
    const auto quiet = create_group(bob);
    const auto cursor = bob.get("/sync")["cursor"].string();
    post_message(ann, group, "news");
    EXPECT_EQ(synced(bob, cursor)["last_seq"], 3);
    // It may repeat what changed a moment ago, but not for ever.
    auto latest = cursor;
    EXPECT_TRUE(eventually([&] {
        const auto answer = bob.get("/sync?cursor=" + latest);
        latest = answer["cursor"].string();
        return answer["conversations"].size() == 0;
    }));
    post_message(bob, quiet, "now I speak");
    EXPECT_EQ(numbers(bob.get("/sync?cursor=" + latest)["conversations"].items(), "id"), std::vector{quiet});
}

TEST_F(ReadMarks, SyncTellsOfOnesOwnMarksAndOfNewConversations) {
    post_message(ann, group, "news");
    auto cursor = bob.get("/sync")["cursor"].string();
    EXPECT_STATUS(read(bob, 3), 200);
    EXPECT_EQ(synced(bob, cursor)["last_read_seq"], 3);
    cursor = bob.get("/sync")["cursor"].string();
    const auto fresh_group = create_group(ann, {&bob});
    const auto named = numbers(bob.get("/sync?cursor=" + cursor)["conversations"].items(), "id");
    EXPECT_NE(std::ranges::find(named, fresh_group), named.end());
}

TEST_F(ReadMarks, SyncMissesNothingWhileMuchHappens) {
    auto cursor = bob.get("/sync")["cursor"].string();
    std::int64_t seen = 0;
    std::jthread writer{[&] {
        auto caller = anonymous();
        caller.token = ann.token;
        for (int i = 0; i < 30; ++i) post_message(caller, group, "news");
    }};
    const bool all = eventually([&] {
        const auto answer = bob.get("/sync?cursor=" + cursor);
        cursor = answer["cursor"].string();
        for (const auto& conversation : answer["conversations"].items()) seen = conversation["last_seq"].integer();
        return seen == 32;
    });
    EXPECT_TRUE(all) << seen;
}

TEST_F(ReadMarks, ASyncCursorIsOnesOwn) {
    const auto cursor = ann.get("/sync")["cursor"].string();
    EXPECT_PROBLEM(bob.get("/sync?cursor=" + cursor), 400, "bad_cursor");
    EXPECT_PROBLEM(bob.get("/sync?cursor=nonsense"), 400, "bad_cursor");
}

TEST_F(ReadMarks, LiveThroughARestart) {
    TestServer own;
    auto cat = own.sign_up("cat"), dan = own.sign_up("dan");
    const auto direct = open_direct(cat, dan);
    for (int i = 0; i < 3; ++i) post_message(cat, direct, "news");
    dan.put(conversation_target(direct, "/read"), {{"seq", 4}});
    const auto before = dan.get("/sync");
    own.restart();
    const auto after = dan.get("/sync");
    EXPECT_EQ(after["epoch"], before["epoch"]);
    EXPECT_EQ(after["conversations"], (boost::json::value{{{"id", direct}, {"last_seq", 5}, {"last_read_seq", 4}, {"unread_count", 1}}}));
    EXPECT_EQ(dan.get("/sync?cursor=" + before["cursor"].string()).status, 200);
}

}  // namespace
}  // namespace parley::testing
