// SPDX-License-Identifier: Apache-2.0
#include "users/names.hpp"

#include "users/errors.hpp"

#include "core/json/errors.hpp"

#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <random>
#include <string>

namespace parley::users {
namespace {

class NamesTest : public ::testing::Test {
protected:
    static std::string utf8(char32_t c) {
        std::string text(4, '\0');
        std::int32_t size = 0;
        UBool error = false;
        U8_APPEND(reinterpret_cast<std::uint8_t*>(text.data()), size, 4, static_cast<UChar32>(c), error);
        text.resize(static_cast<std::size_t>(size));
        return text;
    }
    Result<Username> parse(std::string_view text) const { return parse_username(folder, text); }

    NameFolder folder;
};

TEST_F(NamesTest, NameIsKeptAsItWasGiven) {
    const auto name = parse("Ann.Smith+2@home_-");
    ASSERT_OK(name);
    EXPECT_EQ(name->display, "Ann.Smith+2@home_-");
}

TEST_F(NamesTest, LettersAndDigitsOfEveryScriptAreGood) {
    for (const auto* name : {"a", "Ярослав", "李小龍", "أحمد", "Ὀδυσσεύς", "ひらがな", "٤٢", "½", "x²", "ﬁ", "_", "@", "...", "a@b.example"}) {
        SCOPED_TRACE(name);
        EXPECT_OK(parse(name));
    }
}

TEST_F(NamesTest, OtherCharactersAreNot) {  // UC 63, 64
    using namespace std::string_literals;
    for (const std::string& name :
         {"a b"s,      "a/b"s,        "a\nb"s,       "a\rb"s,    "a\0b"s,   "\x1b]0;owned\x07"s, "a\x7f"s,        "a\u200B"s,   "\u202Egnp.exe"s,
          "a\u2066b"s, "a\u00ADb"s,   "\uFEFFa"s,    "\u3164"s,  "\u115F"s, "\u1160x"s,          "\uFFA0"s,       "\u2800"s,    "😀"s,
          "a\uFFFE"s,  "\U0010FFFF"s, "\U000E0041"s, "e\u0301"s, "\xFF"s,   "\xC0\xAF"s,         "\xED\xA0\x80"s, "a\xE2\x82"s, "a,b"s,
          "#a"s,       "a'"s,         "<a>"s,        "a\u2028"s}) {
        SCOPED_TRACE(name);
        EXPECT_ERROR(parse(name), errors::invalid_username);
    }
}

TEST_F(NamesTest, LengthIsCountedInCharacters) {
    std::string name;
    for (int i = 0; i < 150; ++i) name += "𝒳";
    EXPECT_OK(parse(name));
    EXPECT_ERROR(parse(name + "x"), json::errors::too_long);
    EXPECT_ERROR(parse(""), json::errors::too_short);
    EXPECT_ERROR(parse(std::string(1 << 20, 'a')), json::errors::too_long);
    std::string ligatures;  // each of 18 letters
    for (int i = 0; i < 150; ++i) ligatures += "ﷺ";
    EXPECT_ERROR(parse(ligatures), json::errors::too_long);
}

TEST_F(NamesTest, NamesThatLookAlikeHaveOneKey) {  // UC 62
    const auto key = folder.key("admin");
    for (const auto* twin : {"ADMIN", "Admin", "аdmin", "аԁmіn", "ａｄｍｉｎ", "𝐚𝐝𝐦𝐢𝐧", "ⓐⓓⓜⓘⓝ", "adm\u200Bin", "ad\u00ADmin", "adrnin"})
        EXPECT_EQ(folder.key(twin), key) << twin;
    EXPECT_EQ(folder.key("Straße"), folder.key("STRASSE"));
    EXPECT_EQ(folder.key("Ω"), folder.key("\u2126"));
    EXPECT_EQ(folder.key("é"), folder.key("e\u0301"));
    EXPECT_EQ(folder.key("b0b"), folder.key("BOB"));
    EXPECT_EQ(folder.key("user1"), folder.key("userl"));
}

TEST_F(NamesTest, NamesThatDifferHaveDifferentKeys) {
    std::string_view all = "abcdefghijklnopqrstuvwxyz23456789_.@+-";  // without m, 0 and 1, which are twins of rn, o and l
    for (const char a : all) {
        for (const char b : all) EXPECT_EQ(folder.key(std::string{a}) == folder.key(std::string{b}), a == b) << a << b;
    }
    EXPECT_NE(folder.key("ann"), folder.key("anne"));
    EXPECT_NE(folder.key("李"), folder.key("季"));
}

TEST_F(NamesTest, KeyOfEveryCharacterIsItsOwnKey) {
    for (UChar32 c = 0; c <= 0x10FFFF; ++c) {
        if (U_IS_SURROGATE(c)) continue;
        const auto key = folder.key(utf8(static_cast<char32_t>(c)));
        ASSERT_EQ(folder.key(key), key) << std::hex << c;
    }
}

TEST_F(NamesTest, KeyOfEveryNameIsItsOwnKey) {
    std::mt19937 engine{1};
    for (int i = 0; i < 20'000; ++i) {
        std::string name;
        for (auto length = engine() % 12 + 1; length > 0;) {
            const auto c = static_cast<UChar32>(engine() % (i % 2 == 0 ? 0x3000U : 0x30000U));
            if (U_IS_SURROGATE(c) || !u_isdefined(c)) continue;
            name += utf8(static_cast<char32_t>(c));
            --length;
        }
        const auto key = folder.key(name);
        ASSERT_EQ(folder.key(key), key) << name;
    }
}

TEST_F(NamesTest, SearchFoldsCaseAndFormsOnly) {
    EXPECT_EQ(search_key("ＡＮＮ"), "ann");
    EXPECT_EQ(search_key("Straße"), "strasse");
    EXPECT_EQ(search_key("b0b"), "b0b");
    EXPECT_EQ(search_key(""), "");
}

TEST_F(NamesTest, PrefixesEndBelowTheirBound) {
    EXPECT_EQ(prefix_upper_bound("ann"), "ano");
    EXPECT_EQ(prefix_upper_bound("z"), "{");
    EXPECT_EQ(prefix_upper_bound("a\x7F"), "a\u0080");
    EXPECT_EQ(prefix_upper_bound("\uD7FF"), "\uE000");
    EXPECT_EQ(prefix_upper_bound("a\U0010FFFF"), "b");
    EXPECT_EQ(prefix_upper_bound("\U0010FFFF\U0010FFFF"), std::nullopt);
    EXPECT_EQ(prefix_upper_bound(""), std::nullopt);
}

TEST_F(NamesTest, BoundIsAboveEveryTextOfItsPrefixAndNoOther) {
    for (UChar32 c = 0; c < 0x10FFFF; ++c) {
        if (U_IS_SURROGATE(c)) continue;
        const auto prefix = utf8(static_cast<char32_t>(c)), bound = prefix_upper_bound(prefix).value();
        const auto next = c == 0xD7FF ? 0xE000U : static_cast<unsigned>(c) + 1U;
        ASSERT_LT(prefix + "\U0010FFFF\U0010FFFF", bound) << std::hex << c;
        ASSERT_EQ(bound, utf8(next)) << std::hex << c;
    }
}

TEST_F(NamesTest, TablesHaveAVersion) { EXPECT_FALSE(NameFolder::version().empty()); }

}  // namespace
}  // namespace parley::users
