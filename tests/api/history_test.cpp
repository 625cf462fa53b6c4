// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

using Seqs = std::vector<std::int64_t>;

/// api.md section 4: history by position, and the log of events. Seq 1 is the owner who joined; the messages are 2 to 11, with a reaction's event
/// between 6 and 8.
class History : public ApiTest {
protected:
    History() : ann(sign_up("ann")), group(create_group(ann)) {
        for (int i = 0; i < 5; ++i) post_message(ann, group, "early");
        EXPECT_EQ(ann.put(message_target(group, 2, "/reactions/x")).status, 204);  // seq 7
        for (int i = 0; i < 4; ++i) post_message(ann, group, "late");
    }

    Answer page(std::string_view query) { return ann.get(conversation_target(group, "/messages?" + std::string{query})); }
    /// The messages of a page, and whether there are more.
    using Shown = std::pair<Seqs, std::string>;
    Shown shown(std::string_view query) {
        const auto answer = page(query);
        if (answer.status != 200) return {{}, std::to_string(answer.status)};
        const bool before = answer["has_more_before"] == true, after = answer["has_more_after"] == true;
        return {numbers(answer["items"].items(), "seq"), before && after ? "more both ways" : before ? "more before" : after ? "more after" : "all"};
    }

    ApiClient ann;
    std::int64_t group;
};

TEST_F(History, WithoutAPositionIsTheNewest) {
    EXPECT_EQ(shown(""), (Shown{{2, 3, 4, 5, 6, 8, 9, 10, 11}, "all"}));
    EXPECT_EQ(shown("limit=3"), (Shown{{9, 10, 11}, "more before"}));
}

TEST_F(History, BeforeAPosition) {
    EXPECT_EQ(shown("before_seq=9&limit=2"), (Shown{{6, 8}, "more both ways"}));
    EXPECT_EQ(shown("before_seq=4&limit=2"), (Shown{{2, 3}, "more after"}));
    EXPECT_EQ(shown("before_seq=2"), (Shown{{}, "more after"}));
    EXPECT_EQ(shown("before_seq=1"), (Shown{{}, "more after"}));
    EXPECT_EQ(shown("before_seq=1000&limit=2"), (Shown{{10, 11}, "more before"}));
}

TEST_F(History, AfterAPosition) {
    EXPECT_EQ(shown("after_seq=0&limit=3"), (Shown{{2, 3, 4}, "more after"}));
    EXPECT_EQ(shown("after_seq=6&limit=2"), (Shown{{8, 9}, "more both ways"}));
    EXPECT_EQ(shown("after_seq=9"), (Shown{{10, 11}, "more before"}));
    EXPECT_EQ(shown("after_seq=11"), (Shown{{}, "more before"}));
    EXPECT_EQ(shown("after_seq=1000"), (Shown{{}, "more before"}));
}

TEST_F(History, AroundAMessageSplitsTheLimitEvenly) {
    EXPECT_EQ(shown("around_seq=6&limit=4"), (Shown{{4, 5, 6, 8}, "more both ways"}));
    EXPECT_EQ(shown("around_seq=6&limit=5"), (Shown{{4, 5, 6, 8, 9}, "more both ways"}));
    EXPECT_EQ(shown("around_seq=6&limit=1"), (Shown{{6}, "more both ways"}));
    EXPECT_EQ(shown("around_seq=2&limit=5"), (Shown{{2, 3, 4}, "more after"}));
    EXPECT_EQ(shown("around_seq=11&limit=5"), (Shown{{9, 10, 11}, "more before"}));
}

TEST_F(History, AroundWhatIsNoMessageIs404) {
    for (const auto* seq : {"1", "7"}) EXPECT_EQ(page("around_seq=" + std::string{seq}).status, 404) << seq;
    EXPECT_EQ(page("around_seq=1000")["items"].size(), 0U) << "beyond the end there is an empty page";
}

TEST_F(History, TwoPositionsAtOnceAreRefused) {
    EXPECT_EQ(page("before_seq=5&after_seq=2").status, 400);
    EXPECT_EQ(page("around_seq=5&after_seq=2").status, 400);
}

TEST_F(History, BadPositionsAndLimitsAreRefused) {
    for (const auto* query :
         {"before_seq=x", "before_seq=-1", "after_seq=1.5", "after_seq=", "limit=0", "limit=201", "around_seq=99999999999999999999"}) {
        EXPECT_EQ(page(query).status, 400) << query;
    }
}

TEST_F(History, OfAnEmptyConversationIsEmpty) {
    const auto empty = create_group(ann);
    const auto answer = ann.get(conversation_target(empty, "/messages"));
    EXPECT_EQ(answer.json(), (boost::json::value{{"items", boost::json::array{}}, {"has_more_before", false}, {"has_more_after", false}}));
}

TEST_F(History, IsTheSameAfterARestart) {
    TestServer own;
    auto user = own.sign_up("ann");
    const auto target = conversation_target(create_group(user), "/messages?limit=2");
    for (int i = 0; i < 5; ++i) user.post(target, {{"text", "message " + std::to_string(i)}});
    const auto before = user.get(target);
    own.restart();
    EXPECT_EQ(user.get(target).json(), before.json());
    EXPECT_EQ(user.post(target, {{"text", "next"}})["seq"], 7);
}

TEST_F(History, EventsAreContiguous) { EXPECT_EQ(numbers(events_of(ann, group), "seq"), (Seqs{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})); }

TEST_F(History, EventsHaveAllTheirMembers) {
    const auto event = events_of(ann, group)[6];
    EXPECT_EQ(event["conversation_id"], group);
    EXPECT_EQ(event["event"], "reaction.added");
    EXPECT_EQ(event["actor_id"], ann.id);
    EXPECT_EQ(event["data"], (boost::json::value{{"message_seq", 2}, {"emoji", "x"}, {"user_id", ann.id}}));
    EXPECT_FALSE(event["at"].is_null());
    EXPECT_EQ(event.size(), 6U) << event;
}

TEST_F(History, EventsComeInPages) {
    const auto answer = ann.get(conversation_target(group, "/events?after_seq=3&limit=2"));
    EXPECT_EQ(numbers(answer["items"].items(), "seq"), (Seqs{4, 5}));
    EXPECT_EQ(answer["last_seq"], 11);
    const auto end = ann.get(conversation_target(group, "/events?after_seq=11"));
    EXPECT_EQ(end["items"].size(), 0U);
    EXPECT_EQ(end["last_seq"], 11);
    EXPECT_EQ(ann.get(conversation_target(group, "/events?after_seq=500"))["items"].size(), 0U);
    EXPECT_STATUS(ann.get(conversation_target(group, "/events?limit=1000")), 200);
    EXPECT_STATUS(ann.get(conversation_target(group, "/events?limit=1001")), 400);
}

TEST_F(History, EventsAreTheSameForEveryReader) {
    auto bob = sign_up("bob");
    EXPECT_STATUS(ann.put(member_target(group, bob), {{"role", "member"}}), 201);
    const auto target = conversation_target(group, "/events");
    EXPECT_EQ(ann.get(target).body, bob.get(target).body);
}

}  // namespace
}  // namespace parley::testing
