// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

/// api.md section 4: removed text is gone from the data folder within ten seconds; and from the log of the server it never was in.
class Erasure : public ApiTest {
protected:
    Erasure() : ann(server().sign_up(fresh("ann"))), group(create_group(ann)) {}

    static bool is_gone(std::string_view text) {
        return eventually([&] { return server().file_with(text).empty(); }, std::chrono::seconds{10});
    }

    ApiClient ann;
    std::int64_t group;
};

TEST_F(Erasure, ADeletedTextIsGone) {
    const std::string secret = "the treasure lies under the third oak " + fresh("");
    const auto seq = post_message(ann, group, secret)["seq"].integer();
    ASSERT_NE(server().file_with(secret), "") << "else the test cannot fail";
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_TRUE(is_gone(secret)) << server().file_with(secret);
}

TEST_F(Erasure, AnEditedTextIsGoneAndTheNewOneIsThere) {
    const std::string secret = "the treasure lies under the fourth oak " + fresh(""), harmless = "there is no treasure at all " + fresh("");
    const auto seq = post_message(ann, group, secret)["seq"].integer();
    EXPECT_STATUS(ann.patch(message_target(group, seq), {{"text", harmless}}), 200);
    EXPECT_TRUE(is_gone(secret)) << server().file_with(secret);
    EXPECT_NE(server().file_with(harmless), "");
}

TEST_F(Erasure, ALongTextIsGoneFromEveryPage) {
    const auto mark = fresh("mark-in-a-long-text-");
    std::string secret;
    while (secret.size() + mark.size() < 16'000) secret += mark + ' ';
    const auto seq = post_message(ann, group, secret)["seq"].integer();
    post_message(ann, group, "after it");
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_TRUE(is_gone(mark)) << server().file_with(mark);
}

TEST_F(Erasure, ADeletedGroupsTextsAndNameAreGone) {
    const std::string secret = "the treasure lies under the fifth oak " + fresh(""), name = fresh("a name for a group to be deleted ");
    const auto doomed = ann.post("/groups", {{"name", name}})["id"].integer();
    for (int i = 0; i < 20; ++i) post_message(ann, doomed, secret);
    EXPECT_STATUS(ann.remove(group_target(doomed)), 204);
    EXPECT_TRUE(is_gone(secret)) << server().file_with(secret);
    EXPECT_TRUE(is_gone(name)) << server().file_with(name);
}

TEST_F(Erasure, AnOldEmailAndDisplayNameAreGone) {
    const auto email = fresh("an-address-to-forget") + "@example.org", name = fresh("A Display Name To Forget ");
    ASSERT_EQ(ann.patch("/users/me", {{"email", email}, {"display_name", name}}).status, 200);
    ASSERT_NE(server().file_with(email), "");
    ASSERT_EQ(ann.patch("/users/me", {{"email", "ann@example.org"}, {"display_name", "Ann"}}).status, 200);
    EXPECT_TRUE(is_gone(email)) << server().file_with(email);
    EXPECT_TRUE(is_gone(name)) << server().file_with(name);
}

TEST_F(Erasure, NoTextAndNoTokenIsLogged) {
    const std::string secret = "the treasure lies under the sixth oak " + fresh("");
    post_message(ann, group, secret);
    EXPECT_TRUE(server().log().contains("ready")) << "else the test cannot fail";
    EXPECT_FALSE(server().log().contains(secret));
    EXPECT_FALSE(server().log().contains(ann.token));
    EXPECT_FALSE(server().log().contains(ann.refresh_token));
}

TEST_F(Erasure, NoTokenIsStoredAsItIs) {
    EXPECT_EQ(server().file_with(ann.refresh_token), "");
    EXPECT_EQ(server().file_with(ann.token), "");
    const auto ticket = ann.post("/auth/ticket")["ticket"].string();
    EXPECT_EQ(server().file_with(ticket), "");
}

}  // namespace
}  // namespace parley::testing
