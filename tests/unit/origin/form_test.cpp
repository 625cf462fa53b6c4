// SPDX-License-Identifier: Apache-2.0
#include "origin/form.hpp"

#include <gtest/gtest.h>

namespace parley::origin {
namespace {

TEST(OriginForm, PairsAreReadInOrderWithBlankValues) {
    EXPECT_EQ(parse_form("a=1&b&a=2&=x&&c="), (FormPairs{{"a", "1"}, {"b", ""}, {"a", "2"}, {"", "x"}, {"c", ""}}));
    EXPECT_EQ(parse_form(""), FormPairs{});
    EXPECT_EQ(parse_form("a=b=c"), (FormPairs{{"a", "b=c"}}));
}

TEST(OriginForm, EscapesAreDecodedAndBrokenOnesKept) {
    EXPECT_EQ(parse_form("a=%41+b%2B&n=%zz%4%"), (FormPairs{{"a", "A b+"}, {"n", "%zz%4%"}}));
    EXPECT_EQ(parse_form("a=%+1%-1"), (FormPairs{{"a", "% 1%-1"}}));
}

TEST(OriginForm, BytesThatAreNoTextBecomeTheReplacementCharacter) {
    EXPECT_EQ(parse_form("a=%FFb%C3"), (FormPairs{{"a", "\uFFFDb\uFFFD"}}));
    EXPECT_EQ(replace_invalid_utf8("\xE2\x82x"), "\uFFFDx");
}

TEST(OriginForm, AsManyFieldsAsDjangoTakes) {
    std::string text;
    for (std::size_t i = 0; i < most_form_fields; ++i) text += "a&";
    EXPECT_TRUE(parse_form(text).has_value());
    EXPECT_FALSE(parse_form(text + "a").has_value());
}

TEST(OriginForm, WhatIsEncodedReadsBackTheSame) {
    const FormPairs pairs{{"a b", "é+&="}, {"", "%"}, {"c", "~-._*"}};
    EXPECT_EQ(encode_form(pairs), "a+b=%C3%A9%2B%26%3D&=%25&c=~-._%2A");
    EXPECT_EQ(parse_form(encode_form(pairs)), pairs);
}

}  // namespace
}  // namespace parley::origin
