// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.hpp"
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

/// api.md section 4: reactions and pins.
class Reactions : public ApiTest {
protected:
    Reactions() : ann(sign_up("ann")), bob(sign_up("bob")), group(create_group(ann, {&bob})), seq(post_message(ann, group, "hi")["seq"].integer()) {}

    std::string target(std::string_view emoji) { return message_target(group, seq, "/reactions/" + percent_encode(emoji)); }
    Json reactions() { return ann.get(message_target(group, seq))["reactions"]; }

    ApiClient ann, bob;
    std::int64_t group, seq;
};

TEST_F(Reactions, AreCountedWithWhoMadeThem) {
    EXPECT_STATUS(ann.put(target("\U0001F44D")), 204);
    EXPECT_STATUS(bob.put(target("\U0001F44D")), 204);
    EXPECT_STATUS(bob.put(target("\U0001F389")), 204);
    EXPECT_EQ(reactions(), (boost::json::value{{{"emoji", "\U0001F44D"}, {"count", 2}, {"user_ids", {ann.id, bob.id}}},
                                               {{"emoji", "\U0001F389"}, {"count", 1}, {"user_ids", boost::json::array{bob.id}}}}));
}

TEST_F(Reactions, AreTakenBackByWhoMadeThem) {
    EXPECT_STATUS(ann.put(target("\U0001F44D")), 204);
    EXPECT_STATUS(bob.remove(target("\U0001F44D")), 204);
    EXPECT_EQ(reactions().size(), 1U) << "of another it stays";
    EXPECT_STATUS(ann.remove(target("\U0001F44D")), 204);
    EXPECT_EQ(reactions().size(), 0U);
}

TEST_F(Reactions, AreEventsOnceEach) {
    for (int i = 0; i < 2; ++i) EXPECT_STATUS(bob.put(target("\U0001F44D")), 204);
    for (int i = 0; i < 2; ++i) EXPECT_STATUS(bob.remove(target("\U0001F44D")), 204);
    const auto events = events_of(ann, group, seq);
    EXPECT_EQ(texts(events, "event"), (std::vector<std::string>{"reaction.added", "reaction.removed"}));
    for (const auto& event : events)
        EXPECT_EQ(event["data"], (boost::json::value{{"message_seq", seq}, {"emoji", "\U0001F44D"}, {"user_id", bob.id}}));
}

TEST_F(Reactions, AreOneGraphemeOfAnyKind) {
    for (const auto* emoji :
         {"\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466", "\U0001F44D\U0001F3FD", "\U0001F1E9\U0001F1EA", "1\uFE0F\u20E3",
          "\u2764\uFE0F", "e\u0301", "+", "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F"}) {
        EXPECT_EQ(bob.put(target(emoji)).status, 204) << emoji;
    }
}

TEST_F(Reactions, AreNotTwoGraphemesNorNoneNorTooLong) {
    std::string zalgo = "a";
    while (zalgo.size() <= 64) zalgo += "\u0301";
    for (const auto& emoji : {std::string{"\U0001F44D\U0001F44D"}, std::string{"ab"}, std::string{" "}, std::string{"\u200B"}, zalgo}) {
        const auto answer = bob.put(target(emoji));
        EXPECT_EQ(answer.status, 422) << emoji << ' ' << answer;
    }
    EXPECT_EQ(bob.put(message_target(group, seq, "/reactions/%FF")).status / 100, 4);
    EXPECT_EQ(reactions().size(), 0U);
}

TEST_F(Reactions, AnEmojiMayBeAPercentSignButNoPartOfAPath) {
    EXPECT_STATUS(bob.put(target("%")), 204);
    for (const auto* emoji : {"/", "\\", "\n", "."}) EXPECT_EQ(bob.put(target(emoji)).status / 100, 4) << emoji;
    EXPECT_EQ(texts(reactions().items(), "emoji"), (std::vector<std::string>{"%"}));
}

TEST_F(Reactions, GoWithTheMessage) {
    EXPECT_STATUS(bob.put(target("\U0001F44D")), 204);
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_EQ(reactions().size(), 0U);
}

TEST_F(Reactions, PinsAreEventsOnceEach) {
    const auto pin = message_target(group, seq, "/pin");
    for (int i = 0; i < 2; ++i) EXPECT_STATUS(ann.put(pin), 204);
    EXPECT_EQ(bob.get(message_target(group, seq))["pinned"], true);
    for (int i = 0; i < 2; ++i) EXPECT_STATUS(ann.remove(pin), 204);
    EXPECT_EQ(bob.get(message_target(group, seq))["pinned"], false);
    const auto events = events_of(ann, group, seq);
    EXPECT_EQ(texts(events, "event"), (std::vector<std::string>{"message.pinned", "message.unpinned"}));
    EXPECT_EQ(events[0]["data"], (boost::json::value{{"message_seq", seq}}));
}

}  // namespace
}  // namespace parley::testing
