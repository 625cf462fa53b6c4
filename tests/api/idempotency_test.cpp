// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

#include <set>

namespace parley::testing {
namespace {

/// api.md section 4: the same client_id sends nothing twice.
class Idempotency : public ApiTest {
protected:
    Idempotency() : ann(sign_up("ann")), bob(sign_up("bob")), group(create_group(ann, {&bob})) {}

    Answer post(ApiClient& user, const boost::json::value& draft) { return user.post(conversation_target(group, "/messages"), draft); }

    ApiClient ann, bob;
    std::int64_t group;
};

TEST_F(Idempotency, ARepetitionGivesTheMessageThatIsThere) {
    const boost::json::value draft{{"text", "once"}, {"client_id", "a-1"}};
    const auto first = post(ann, draft), again = post(ann, draft);
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.json(), first.json());
    EXPECT_EQ(events_of(ann, group).size(), 3U);
}

TEST_F(Idempotency, WithOtherContentItIsAConflict) {
    const auto first = post(ann, {{"text", "question"}})["seq"].integer();
    EXPECT_STATUS(post(ann, {{"text", "once"}, {"client_id", "a-1"}}), 201);
    EXPECT_PROBLEM(post(ann, {{"text", "twice"}, {"client_id", "a-1"}}), 409, "chat.client_id_reused");
    EXPECT_PROBLEM(post(ann, {{"text", "once"}, {"client_id", "a-1"}, {"reply_to_seq", first}}), 409, "chat.client_id_reused");
}

TEST_F(Idempotency, NullAndEmptyAreTheSameContent) {
    EXPECT_STATUS(post(ann, {{"text", "once"}, {"client_id", "a-1"}}), 201);
    EXPECT_STATUS(post(ann, {{"text", "once"}, {"client_id", "a-1"}, {"reply_to_seq", nullptr}, {"file_ids", boost::json::array{}}}), 200);
}

TEST_F(Idempotency, AfterAnEditTheFirstContentStillCounts) {
    const auto seq = post(ann, {{"text", "helo"}, {"client_id", "a-1"}})["seq"].integer();
    EXPECT_STATUS(ann.patch(message_target(group, seq), {{"text", "hello"}}), 200);
    const auto again = post(ann, {{"text", "helo"}, {"client_id", "a-1"}});
    EXPECT_STATUS(again, 200);
    EXPECT_EQ(again["text"], "hello") << "as it is now";
    EXPECT_PROBLEM(post(ann, {{"text", "hello"}, {"client_id", "a-1"}}), 409, "chat.client_id_reused");
}

TEST_F(Idempotency, AfterADeleteTheFirstContentStillCounts) {
    const auto seq = post(ann, {{"text", "oops"}, {"client_id", "a-1"}})["seq"].integer();
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    const auto again = post(ann, {{"text", "oops"}, {"client_id", "a-1"}});
    EXPECT_STATUS(again, 200);
    EXPECT_EQ(again["text"], nullptr);
    EXPECT_FALSE(again["deleted_at"].is_null());
    EXPECT_PROBLEM(post(ann, {{"text", "other"}, {"client_id", "a-1"}}), 409, "chat.client_id_reused");
}

TEST_F(Idempotency, IsPerSenderAndPerConversation) {
    const boost::json::value draft{{"text", "once"}, {"client_id", "a-1"}};
    const auto other = create_group(ann);
    EXPECT_STATUS(post(ann, draft), 201);
    EXPECT_STATUS(post(bob, draft), 201);
    EXPECT_STATUS(ann.post(conversation_target(other, "/messages"), draft), 201);
}

TEST_F(Idempotency, AClientIdIsOneTo64PlainCharacters) {
    EXPECT_STATUS(post(ann, {{"text", "x"}, {"client_id", std::string(64, 'a')}}), 201);
    for (const auto& id : {std::string(65, 'a'), std::string{}, std::string{"a b"}, std::string{"\u00E9"}, std::string{"a.b"}}) {
        const auto answer = post(ann, {{"text", "x"}, {"client_id", id}});
        EXPECT_EQ(answer.status, 422) << id << ' ' << answer;
        EXPECT_EQ(answer["errors"][0]["pointer"], "/client_id") << id << ' ' << answer;
    }
}

TEST_F(Idempotency, ManyAtOnceSendOne) {
    std::mutex mutex;
    std::multiset<int> statuses;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 8; ++i) {
            callers.emplace_back([&] {
                auto caller = anonymous();
                caller.token = ann.token;
                const auto status = post(caller, {{"text", "once"}, {"client_id", "race"}}).status;
                const std::scoped_lock lock{mutex};
                statuses.insert(status);
            });
        }
    }
    EXPECT_EQ(statuses, (std::multiset{201, 200, 200, 200, 200, 200, 200, 200}));
    EXPECT_EQ(events_of(ann, group).size(), 3U);
}

TEST_F(Idempotency, LivesThroughARestart) {
    TestServer own;
    auto user = own.sign_up("ann");
    const auto target = conversation_target(create_group(user), "/messages");
    const boost::json::value draft{{"text", "once"}, {"client_id", "a-1"}};
    const auto first = user.post(target, draft);
    own.restart();
    const auto again = user.post(target, draft);
    EXPECT_STATUS(again, 200);
    EXPECT_EQ(again["seq"], first["seq"]);
}

TEST_F(Idempotency, WithoutAClientIdTheSameTextIsSentTwice) {
    EXPECT_STATUS(post(ann, {{"text", "again"}}), 201);
    EXPECT_STATUS(post(ann, {{"text", "again"}}), 201);
    EXPECT_EQ(events_of(ann, group).size(), 4U);
}

}  // namespace
}  // namespace parley::testing
