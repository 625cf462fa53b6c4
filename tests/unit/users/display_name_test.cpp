// SPDX-License-Identifier: Apache-2.0
#include "users/display_name.hpp"

#include "users/errors.hpp"

#include "core/json/errors.hpp"

#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <string>

namespace parley::users {
namespace {

using namespace std::string_literals;

TEST(DisplayName, VisibleNamesStayAsTheyAre) {
    for (const auto* name : {"Ann", "Ann Smith", "Ярослав Мудрый", "أحمد", "अनिता", "e\u0301", "👩‍👩‍👧‍👦", "a\u200Eb", "<b>Ann</b>",
                             "a\u00A0b", "O'Neill, \"Tip\""}) {
        const auto cleaned = clean_display_name(name);
        SCOPED_TRACE(name);
        ASSERT_OK(cleaned);
        EXPECT_EQ(*cleaned, name);
    }
}

TEST(DisplayName, OuterWhiteSpaceIsTakenOff) { EXPECT_EQ(clean_display_name(" \u3000Ann Smith\u00A0 ").value(), "Ann Smith"); }

TEST(DisplayName, ControlsLineBreaksAndReversalsAreRefused) {  // UC 61, 63
    for (const std::string& name : {"a\nb"s, "a\n"s, "a\rb"s, "a\0b"s, "a\tb"s, "\x1b[31mred"s, "a\x7f"s, "a\u0085b"s, "a\u2028b"s, "a\u2029b"s,
                                    "\u202Eexe.gpj"s, "a\u202Ab"s, "a\u2066b\u2069"s, "\xFF"s, "\xED\xA0\x80"s}) {
        SCOPED_TRACE(name);
        EXPECT_ERROR(clean_display_name(name), errors::invalid_display_name);
    }
}

TEST(DisplayName, InvisibleNamesAreRefused) {
    for (const std::string& name : {" "s, "\u00A0\u3000"s, "\u200B"s, "\u3164"s, "\u2800"s, "\u200D\uFE0F"s, "\uFEFF"s, "\U000E0041\U000E007F"s}) {
        SCOPED_TRACE(name);
        EXPECT_ERROR(clean_display_name(name), errors::invalid_display_name);
    }
}

TEST(DisplayName, LengthIsCountedInCharacters) {
    std::string name;
    for (int i = 0; i < 150; ++i) name += "😀";
    EXPECT_OK(clean_display_name(name));
    EXPECT_OK(clean_display_name(" " + name + " "));  // as it will be kept
    EXPECT_ERROR(clean_display_name(name + "x"), json::errors::too_long);
    EXPECT_ERROR(clean_display_name(""), json::errors::too_short);
}

TEST(IsBlank, NothingToSeeIsBlank) {  // UC 59
    for (const std::string& text :
         {""s, " "s, "\t\r\n"s, "\0"s, "\u00A0"s, "\u2003\u2028\u2029"s, "\u3000"s, "\u200B\u200C\u200D\u2060\uFEFF"s, "\u00AD"s, "\u034F"s,
          "\u180E"s, "\uFE0F"s, "\u3164\u115F\u1160\uFFA0"s, "\u2800"s, "\u202E\u2066"s, "\U000E0001\U000E0020"s, "\x1b"s})
        EXPECT_TRUE(is_blank(text)) << text;
}

TEST(IsBlank, AnythingToSeeIsNot) {
    for (const auto* text : {"a", " . ", "\u200B!", "😀", "👩‍👩‍👧", "🏳️‍🌈", "🏴\U000E0067\U000E0062\U000E007F", "\u0301",
                             "\uFFFD", "\U0010FFFF", "\u2581"})
        EXPECT_FALSE(is_blank(text)) << text;
}

}  // namespace
}  // namespace parley::users
