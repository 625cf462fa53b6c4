// SPDX-License-Identifier: Apache-2.0
#include "http/syntax.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace parley::http {
namespace {

TEST(SyntaxTest, TokensAreOfTchars) {
    EXPECT_TRUE(is_token("Content-Type"));
    for (const std::string_view text : {"", "a b", "a:", "\"a\"", "a\t", "(a)", "a,b", "\x80"}) EXPECT_FALSE(is_token(text)) << text;
}

TEST(SyntaxTest, FieldValuesHoldNoControlsButTab) {
    for (int byte = 0; byte < 256; ++byte) {
        const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7F;
        EXPECT_EQ(is(Bytes::field_value, static_cast<char>(byte)), !control) << byte;
    }
}

TEST(SyntaxTest, CaseOfAsciiLettersIsIgnoredAndNoOther) {
    EXPECT_TRUE(equal_ignoring_case("HOST", "host"));
    EXPECT_FALSE(equal_ignoring_case("HOS", "host"));
    EXPECT_FALSE(equal_ignoring_case("@", "`")) << "differ in the same bit as letters do";
}

TEST(SyntaxTest, WhitespaceAroundAValueIsNoPartOfIt) {
    EXPECT_EQ(trim(" \ta b\t "), "a b");
    EXPECT_EQ(trim(" \t "), "");
    EXPECT_EQ(trim("\ra"), "\ra");
}

TEST(SyntaxTest, ListsNameTheirMembers) {
    EXPECT_TRUE(list_names("keep-alive , Upgrade", "upgrade"));
    EXPECT_FALSE(list_names("upgrade-insecure, x", "upgrade"));
    EXPECT_FALSE(list_names("", "upgrade"));
}

std::vector<std::pair<std::string, std::string>> parameters(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> found;
    const bool well_formed = for_each_parameter(text, [&](const Parameter& parameter) {
        found.emplace_back(parameter.name, parameter.value);
        return true;
    });
    if (!well_formed) found.emplace_back("ill-formed", "");
    return found;
}

TEST(SyntaxTest, ParametersHaveTokensOrQuotedStrings) {
    using Found = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(parameters(""), Found{});
    EXPECT_EQ(parameters(" ; a=b;c=\"d; \\\"e\" ;; f=\"\"; "), (Found{{"a", "b"}, {"c", "d; \\\"e"}, {"f", ""}}));
    for (const std::string_view text :
         {"a=b", "; a", "; a=", "; a =b", "; a=\"b", "; a=\"b\\\"", "; a=b c", "; a=\"b\"c", "; =b", "; a=\"\x01\"", "; a=\"\\\x01\""})
        EXPECT_EQ(parameters(text).back().first, "ill-formed") << text;
}

}  // namespace
}  // namespace parley::http
