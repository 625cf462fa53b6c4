// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

#include <algorithm>

namespace parley::testing {
namespace {

/// api.md section 2: what a password must not be, and how it is changed.
class Passwords : public ApiTest {
protected:
    static Answer sign_up_with(std::string_view password, std::string_view name = {}) {
        return anonymous().post("/users", {{"username", name.empty() ? fresh("ann") : std::string{name}}, {"password", password}});
    }
    static std::vector<std::string> codes(const Answer& answer) { return texts(answer["errors"].items(), "code"); }
};

TEST_F(Passwords, HaveEightCharacters) {
    EXPECT_FIELD_PROBLEM(sign_up_with("x9!kQ_z"), 422, "too_short", "/password");
    EXPECT_STATUS(sign_up_with("x9!kQ_zz"), 201);
    EXPECT_STATUS(sign_up_with("\u00E9\u00E8\u00EA\u00EB\u0113\u0117\u0119\u011B"), 201) << "characters are counted, not bytes";
    EXPECT_FIELD_PROBLEM(sign_up_with("\u00E9\u00E8\u00EA\u00EB\u0113\u0117\u0119"), 422, "too_short", "/password");
}

TEST_F(Passwords, HaveAtMost256Characters) {
    std::string longest;
    while (longest.size() < 256) longest += "ab!9";
    EXPECT_STATUS(sign_up_with(longest), 201);
    EXPECT_FIELD_PROBLEM(sign_up_with(longest + "x"), 422, "too_long", "/password");
}

TEST_F(Passwords, AreNotCommon) {
    EXPECT_FIELD_PROBLEM(sign_up_with("password1"), 422, "too_common", "/password");
    EXPECT_FIELD_PROBLEM(sign_up_with("PassWord1"), 422, "too_common", "/password");
}

TEST_F(Passwords, AreNotAllDigits) { EXPECT_FIELD_PROBLEM(sign_up_with("7391846205773"), 422, "all_digits", "/password"); }

TEST_F(Passwords, AreNotTheNameAgain) {
    const auto name = fresh("wilhelmina");
    EXPECT_FIELD_PROBLEM(sign_up_with(name + "!", name), 422, "too_similar", "/password");
}

TEST_F(Passwords, AreNotTheEmailOrTheDisplayNameAgain) {
    const auto with = [](const char* member, const char* value, const char* password) {
        return anonymous().post("/users", {{"username", fresh("ann")}, {"password", password}, {member, value}});
    };
    EXPECT_FIELD_PROBLEM(with("email", "brunhilde@example.org", "brunhilde!"), 422, "too_similar", "/password");
    EXPECT_FIELD_PROBLEM(with("display_name", "Frau Holle", "frau holle!"), 422, "too_similar", "/password");
}

TEST_F(Passwords, BreakSeveralRulesAtOnceAndHearOfAll) {
    auto broken = codes(sign_up_with("12345"));
    std::ranges::sort(broken);
    EXPECT_EQ(broken, (std::vector<std::string>{"all_digits", "too_common", "too_short"}));
}

TEST_F(Passwords, AreChangedWithTheCurrentOne) {
    auto ann = sign_up("ann");
    EXPECT_STATUS(ann.post("/users/me/password", {{"current_password", ApiClient::password}, {"new_password", "another fine day"}}), 204);
    EXPECT_PROBLEM(ann.sign_in(), 401, "auth.invalid_credentials");
    EXPECT_STATUS(ann.sign_in("another fine day"), 200);
}

TEST_F(Passwords, AreNotChangedWithAWrongOne) {
    auto ann = sign_up("ann");
    const auto answer = ann.post("/users/me/password", {{"current_password", "not this one"}, {"new_password", "another fine day"}});
    EXPECT_EQ(answer.status, 422) << answer;
    EXPECT_EQ(answer["errors"][0]["pointer"], "/current_password");
    EXPECT_STATUS(ann.sign_in(), 200);
}

TEST_F(Passwords, NewOnesKeepTheRulesToo) {
    auto ann = sign_up("ann");
    const auto change = [&](std::string_view password) {
        return ann.post("/users/me/password", {{"current_password", ApiClient::password}, {"new_password", password}});
    };
    EXPECT_FIELD_PROBLEM(change("password1"), 422, "too_common", "/new_password");
    EXPECT_FIELD_PROBLEM(change("short"), 422, "too_short", "/new_password");
    EXPECT_FIELD_PROBLEM(change(ann.username + "zzzz"), 422, "too_similar", "/new_password");
}

TEST_F(Passwords, AChangeEndsEveryOtherSession) {
    auto phone = sign_up("ann");
    auto laptop = anonymous();
    laptop.username = phone.username;
    ASSERT_EQ(laptop.sign_in().status, 200);
    EXPECT_STATUS(laptop.post("/users/me/password", {{"current_password", ApiClient::password}, {"new_password", "another fine day"}}), 204);
    EXPECT_STATUS(laptop.get("/users/me"), 200);
    EXPECT_TRUE(eventually([&] { return phone.get("/users/me").status == 401; }, std::chrono::seconds{2}));
    EXPECT_EQ(anonymous().post("/auth/refresh", {{"refresh_token", phone.refresh_token}}).status, 401);
}

TEST_F(Passwords, AreStoredNowhereAsTheyAre) {
    const std::string secret = "a wholly singular sentence";
    ASSERT_EQ(sign_up_with(secret).status, 201);
    EXPECT_EQ(server().file_with(secret), "");
    EXPECT_FALSE(server().log().contains(secret));
}

}  // namespace
}  // namespace parley::testing
