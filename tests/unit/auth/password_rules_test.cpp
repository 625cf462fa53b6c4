// SPDX-License-Identifier: Apache-2.0
#include "auth/password_rules.hpp"

#include "auth/errors.hpp"

#include "core/json/errors.hpp"

#include <gtest/gtest.h>
#include <string>

namespace parley::auth {
namespace {

using Kinds = std::vector<const ErrorKind*>;

std::string repeat(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

TEST(PasswordRules, GoodPasswordBreaksNone) {
    EXPECT_EQ(check_password("correct horse battery", {.username = "ann", .display_name = "Ann Smith", .email = "ann@example.org"}), Kinds{});
}

TEST(PasswordRules, LengthIsCountedInCharacters) {
    EXPECT_EQ(check_password("ж-ў-і-ё", {}), Kinds{&json::errors::too_short}) << "seven characters, eleven bytes";
    EXPECT_EQ(check_password("ж-ў-і-ё-", {}), Kinds{});
    EXPECT_EQ(check_password(repeat("😀", 256), {}), Kinds{});
    EXPECT_EQ(check_password(repeat("😀", 257), {}), Kinds{&json::errors::too_long});
}

TEST(PasswordRules, EveryBrokenRuleIsNamedInOrder) {
    EXPECT_EQ(check_password("12345", {.username = "12345"}),
              (Kinds{&json::errors::too_short, &errors::too_similar, &errors::too_common, &errors::all_digits}));
    EXPECT_EQ(check_password(repeat("7", 300), {}), (Kinds{&json::errors::too_long, &errors::all_digits}));
}

TEST(PasswordRules, DigitsOfEveryScriptAreDigits) {
    EXPECT_EQ(check_password("٣٧٤٩٢٠١٨٥٦", {}), Kinds{&errors::all_digits});
    EXPECT_EQ(check_password("²³¹²³¹²³¹", {}), Kinds{&errors::all_digits});
    EXPECT_EQ(check_password("½½½½½½½½½", {}), Kinds{}) << "a number, no digit";
    EXPECT_EQ(check_password("48151623.42", {}), Kinds{});
}

TEST(PasswordRules, NamesTheFactThePasswordIsSimilarTo) {
    const PersonalFacts facts{.username = "gandalf_grey", .display_name = "Mithrandir Olorin", .email = "white.wizard@isengard.example"};
    EXPECT_EQ(find_similar_fact("GandalfGrey", facts), "username");
    EXPECT_EQ(find_similar_fact("m1thrandir", facts), "display name");
    EXPECT_EQ(find_similar_fact("isengard99", facts), "email address");
    EXPECT_EQ(find_similar_fact("you shall not pass", facts), std::nullopt);
    EXPECT_EQ(find_similar_fact("gandalf_grey", {}), std::nullopt);
}

TEST(PasswordRules, SimilarityBeginsAtSevenTenths) {
    // 7 of 10 and 10 characters in common: 2 * 7 / 20.
    EXPECT_EQ(find_similar_fact("abcdefgXYZ", {.username = "abcdefghij"}), "username");
    EXPECT_EQ(find_similar_fact("abcdefWXYZ", {.username = "abcdefghij"}), std::nullopt);
    EXPECT_EQ(find_similar_fact("ZYXgfedcba", {.username = "abcdefghij"}), "username") << "the order of the characters does not matter";
}

TEST(PasswordRules, HugePasswordIsJudgedInNoTime) {
    const std::string huge(1 << 18, 'a');
    EXPECT_EQ(check_password(huge, {.username = std::string(150, 'a'), .email = "a@b.example"}), Kinds{&json::errors::too_long});
}

}  // namespace
}  // namespace parley::auth
