// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

/// api.md section 4: posting, replies, edits, deletes, mentions.
class Messages : public ApiTest {
protected:
    Messages() : ann(sign_up("ann")), bob(sign_up("bob")), group(create_group(ann, {&bob})) {}

    Answer post(ApiClient& user, const boost::json::value& draft) { return user.post(conversation_target(group, "/messages"), draft); }
    Answer get(std::int64_t seq) { return ann.get(message_target(group, seq)); }

    ApiClient ann, bob;
    std::int64_t group;
};

TEST_F(Messages, HaveAllTheirMembers) {
    const auto answer = post(ann, {{"text", "hi"}, {"client_id", "0190-abc_DEF"}});
    ASSERT_EQ(answer.status, 201) << answer;
    EXPECT_EQ(answer["conversation_id"], group);
    EXPECT_EQ(answer["seq"], 3) << "after two who joined";
    EXPECT_EQ(answer["sender_id"], ann.id);
    EXPECT_EQ(answer["text"], "hi");
    EXPECT_EQ(answer["client_id"], "0190-abc_DEF");
    EXPECT_EQ(answer["reply_to_seq"], nullptr);
    for (const auto* list : {"files", "reactions", "mentions"}) EXPECT_EQ(answer[list], boost::json::value(boost::json::array{})) << list;
    EXPECT_EQ(answer["pinned"], false);
    EXPECT_FALSE(answer["created_at"].is_null());
    EXPECT_EQ(answer["edited_at"], nullptr);
    EXPECT_EQ(answer["deleted_at"], nullptr);
    EXPECT_EQ(get(3).json(), answer.json());
}

TEST_F(Messages, NeedATextOrAFile) {
    EXPECT_EQ(post(ann, boost::json::object{}).status, 422);
    EXPECT_EQ(post(ann, {{"text", ""}}).status, 422);
    EXPECT_EQ(post(ann, {{"text", nullptr}}).status, 422);
    EXPECT_EQ(post(ann, {{"text", " \n\t "}}).status, 422);
    EXPECT_EQ(post(ann, {{"file_ids", boost::json::array{}}}).status, 422);
}

TEST_F(Messages, MayHave16384BytesOfText) {
    EXPECT_STATUS(post(ann, {{"text", std::string(16'384, 'a')}}), 201);
    EXPECT_FIELD_PROBLEM(post(ann, {{"text", std::string(16'385, 'a')}}), 422, "too_long", "/text");
    std::string wide;
    while (wide.size() < 16'384) wide += "\U0001F600";
    EXPECT_STATUS(post(ann, {{"text", wide}}), 201);
    EXPECT_FIELD_PROBLEM(post(ann, {{"text", wide + "x"}}), 422, "too_long", "/text");
}

TEST_F(Messages, AreKeptAsTheyWereWritten) {
    for (const auto& text :
         {std::string{" <b>&amp;\" \\ \n\r\t "}, std::string{"\u202Eabc"}, std::string{"\u2028\u0001\x7F\U0001F468\u200D\U0001F469"}}) {
        const auto posted = post(ann, {{"text", text}});
        EXPECT_STATUS(posted, 201);
        if (posted.status == 201) EXPECT_EQ(get(posted["seq"].integer())["text"].string(), text);
    }
}

TEST_F(Messages, AZeroByteStandsInNone) { EXPECT_FIELD_PROBLEM(post(ann, {{"text", std::string{"a\0b", 3}}}), 422, "invalid_value", "/text"); }

TEST_F(Messages, CarryAtMostTwentyFiles) {
    boost::json::array ids;
    for (int i = 1; i <= 21; ++i) ids.emplace_back(i);
    const auto answer = post(ann, {{"file_ids", ids}});
    EXPECT_EQ(answer.status, 422) << answer;
    EXPECT_EQ(answer["errors"][0]["pointer"], "/file_ids");
}

TEST_F(Messages, AnUnknownFileIsNotCarried) {
    const auto answer = post(ann, {{"file_ids", {999'999'999}}});
    EXPECT_TRUE(answer.status == 422 || answer.status == 404) << answer;
    EXPECT_EQ(events_of(ann, group).size(), 2U);
}

TEST_F(Messages, ReplyToMessagesThatAreThere) {
    const auto first = post(ann, {{"text", "question"}})["seq"].integer();
    const auto reply = post(bob, {{"text", "answer"}, {"reply_to_seq", first}});
    EXPECT_STATUS(reply, 201);
    EXPECT_EQ(reply["reply_to_seq"], first);
    for (const std::int64_t seq : {1, 99, 0, -1}) {
        const auto answer = post(bob, {{"text", "answer"}, {"reply_to_seq", seq}});
        EXPECT_EQ(answer.status, 422) << seq << ' ' << answer;
    }
}

TEST_F(Messages, AReplyKeepsItsPlaceWhenTheOtherIsDeleted) {
    const auto first = post(ann, {{"text", "question"}})["seq"].integer();
    const auto reply = post(bob, {{"text", "answer"}, {"reply_to_seq", first}})["seq"].integer();
    EXPECT_STATUS(ann.remove(message_target(group, first)), 204);
    EXPECT_EQ(get(reply)["reply_to_seq"], first);
}

TEST_F(Messages, AreEditedByTheirAuthor) {
    const auto seq = post(ann, {{"text", "helo"}})["seq"].integer();
    const auto edited = ann.patch(message_target(group, seq), {{"text", "hello"}});
    EXPECT_STATUS(edited, 200);
    EXPECT_EQ(edited["text"], "hello");
    EXPECT_EQ(edited["seq"], seq);
    EXPECT_FALSE(edited["edited_at"].is_null());
    const auto events = events_of(ann, group);
    EXPECT_EQ(events.back()["event"], "message.edited");
    EXPECT_EQ(events.back()["data"]["message"]["text"], "hello");
    EXPECT_EQ(events.back()["data"]["message"]["seq"], seq);
}

TEST_F(Messages, AnEditKeepsTheRulesOfATextAndItsPlace) {
    const auto seq = post(ann, {{"text", "hello"}})["seq"].integer();
    EXPECT_STATUS(ann.patch(message_target(group, seq), {{"text", ""}}), 422);
    EXPECT_FIELD_PROBLEM(ann.patch(message_target(group, seq), {{"text", std::string(16'385, 'a')}}), 422, "too_long", "/text");
    EXPECT_FIELD_PROBLEM(ann.patch(message_target(group, seq), boost::json::object{}), 422, "required", "/text");
    EXPECT_EQ(get(seq)["text"], "hello");
    EXPECT_EQ(get(seq)["edited_at"], nullptr);
}

TEST_F(Messages, WhatIsNoMessageIs404) {
    for (const std::int64_t seq : {1, 99}) {
        EXPECT_STATUS(get(seq), 404);
        EXPECT_STATUS(ann.patch(message_target(group, seq), {{"text", "x"}}), 404);
        EXPECT_STATUS(ann.remove(message_target(group, seq)), 404);
        EXPECT_STATUS(ann.put(message_target(group, seq, "/reactions/x")), 404);
        EXPECT_STATUS(ann.put(message_target(group, seq, "/pin")), 404);
    }
}

TEST_F(Messages, ADeletedOneKeepsItsPlace) {
    const auto seq = post(ann, {{"text", "oops"}})["seq"].integer();
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    const auto deleted = get(seq);
    EXPECT_STATUS(deleted, 200);
    EXPECT_EQ(deleted["text"], nullptr);
    EXPECT_EQ(deleted["files"].size(), 0U);
    EXPECT_FALSE(deleted["deleted_at"].is_null());
    const auto history = ann.get(conversation_target(group, "/messages"))["items"];
    EXPECT_EQ(history[0]["seq"], seq);
    EXPECT_EQ(history[0]["text"], nullptr);
    EXPECT_EQ(events_of(ann, group).back()["data"], (boost::json::value{{"message_seq", seq}}));
}

TEST_F(Messages, DeletingTwiceIsFineAndHappensOnce) {
    const auto seq = post(ann, {{"text", "oops"}})["seq"].integer();
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_EQ(events_of(ann, group).size(), 4U);
}

TEST_F(Messages, AReplayShowsADeletedOneAsItIsNow) {
    const auto seq = post(ann, {{"text", "oops"}})["seq"].integer();
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    const auto created = events_of(ann, group, seq - 1)[0];
    EXPECT_EQ(created["event"], "message.created");
    EXPECT_EQ(created["data"]["message"]["text"], nullptr);
    EXPECT_FALSE(created["data"]["message"]["deleted_at"].is_null());
}

TEST_F(Messages, ADeletedOneIsNotEditedReactedToOrPinned) {
    const auto seq = post(ann, {{"text", "oops"}})["seq"].integer();
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_PROBLEM(ann.patch(message_target(group, seq), {{"text", "x"}}), 409, "chat.message_deleted");
    EXPECT_PROBLEM(ann.put(message_target(group, seq, "/reactions/x")), 409, "chat.message_deleted");
    EXPECT_PROBLEM(ann.put(message_target(group, seq, "/pin")), 409, "chat.message_deleted");
}

TEST_F(Messages, MentionMembersByTheirUsernames) {
    const auto eve = sign_up("eve");
    const auto text = "@" + bob.username + ", @" + eve.username + " and @nobody: mail " + ann.username + "@" + bob.username;
    EXPECT_EQ(post(ann, {{"text", text}})["mentions"], (boost::json::value(boost::json::array{bob.id})));
}

TEST_F(Messages, MentionInAnyCaseAtTheEndOfASentenceAndOnce) {
    auto upper = bob.username;
    upper[0] = 'B';
    EXPECT_EQ(post(ann, {{"text", "hi @" + upper + ". @" + bob.username + "!"}})["mentions"], (boost::json::value(boost::json::array{bob.id})));
}

TEST_F(Messages, MentionAfterAnyCharacterThatIsNoneOfAName) {
    for (const auto* before : {"(", "\u201C", "\U0001F3BA", "\u2026", "\u3001", "\u4F60\u597D"}) {
        EXPECT_EQ(post(ann, {{"text", before + ("@" + bob.username)}})["mentions"].size(), 1U) << before;
    }
}

TEST_F(Messages, AnEditChangesTheMentions) {
    const auto seq = post(ann, {{"text", "nobody"}})["seq"].integer();
    EXPECT_EQ(ann.patch(message_target(group, seq), {{"text", "@" + bob.username}})["mentions"], (boost::json::value(boost::json::array{bob.id})));
    EXPECT_EQ(get(seq)["mentions"], (boost::json::value(boost::json::array{bob.id})));
}

TEST_F(Messages, OfWhoLeftStay) {
    const auto seq = post_message(bob, group, "bye")["seq"].integer();
    EXPECT_STATUS(bob.post(group_target(group, "/leave")), 204);
    EXPECT_EQ(get(seq)["sender_id"], bob.id);
    EXPECT_EQ(get(seq)["text"], "bye");
}

}  // namespace
}  // namespace parley::testing
