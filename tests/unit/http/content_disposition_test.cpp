// SPDX-License-Identifier: Apache-2.0
#include "http/content_disposition.hpp"

#include "core/utf8.hpp"
#include "http/errors.hpp"

#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <random>
#include <string>

namespace parley::http {
namespace {

TEST(ContentDispositionTest, PlainNameStandsInQuotes) {
    EXPECT_EQ(content_disposition(Disposition::attachment, "report 2026.pdf"), "attachment; filename=\"report 2026.pdf\"");
    EXPECT_EQ(content_disposition(Disposition::inlined, "a.png"), "inline; filename=\"a.png\"");
    EXPECT_EQ(content_disposition(Disposition::attachment, "a;b=c,'d'.txt"), "attachment; filename=\"a;b=c,'d'.txt\"");
}

TEST(ContentDispositionTest, OtherNamesHaveAFallbackAndTheirFullForm) {
    EXPECT_EQ(content_disposition(Disposition::attachment, "na\u00EFve \U0001F389.txt"),
              "attachment; filename=\"na_ve _.txt\"; filename*=UTF-8''na%C3%AFve%20%F0%9F%8E%89.txt");
    EXPECT_EQ(content_disposition(Disposition::attachment, "a\"b\\c%41.txt"),
              "attachment; filename=\"a_b_c_41.txt\"; filename*=UTF-8''a%22b%5Cc%2541.txt");
    EXPECT_EQ(content_disposition(Disposition::attachment, "a\r\nSet-Cookie: x"),
              "attachment; filename=\"a__Set-Cookie: x\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x");
}

TEST(ContentDispositionTest, ValueIsHarmlessWhateverTheName) {
    std::minstd_rand engine{1};
    for (int i = 0; i < 10'000; ++i) {
        std::string name;
        for (auto size = engine() % 20; size > 0; --size) name += static_cast<char>(engine() & 0xFFU);
        const auto value = content_disposition(Disposition::attachment, name);
        ASSERT_TRUE(std::ranges::all_of(value, [](char byte) { return byte >= ' ' && byte <= '~' && byte != '\\'; })) << value;
        ASSERT_EQ(std::ranges::count(value, '"'), 2) << value;
    }
}

TEST(CleanFileNameTest, OrdinaryNamesStay) {
    for (const std::string name : {"a.txt", ".htaccess", "-rf", "CON", "nul.txt", "r\u00E9sum\u00E9.pdf", "a.b.tar.gz", "\u65E5\u672C.txt", " a",
                                   "a b", "xy:z", "1:2", "~", "$(x)", "\U0001F468\u200D\U0001F469\u200D\U0001F467.png"})
        EXPECT_EQ(clean_file_name(name).value_or("refused"), name);
}

TEST(CleanFileNameTest, PathIsCutOff) {
    for (const auto& [sent, name] : {std::pair{"../../x", "x"},
                                     {"C:\\x", "x"},
                                     {"C:x", "x"},
                                     {"C:D:x", "x"},
                                     {"a/b", "b"},
                                     {"a\\b", "b"},
                                     {"/etc/passwd", "passwd"},
                                     {"\\\\host\\share\\f.doc", "f.doc"},
                                     {"a\\b/c", "c"},
                                     {"/.x", ".x"}})
        EXPECT_EQ(clean_file_name(sent).value_or("refused"), name) << sent;
}

TEST(CleanFileNameTest, DotsAndBlanksAtTheEndAreCutOff) {
    EXPECT_EQ(clean_file_name("a.txt. . ").value(), "a.txt");
    EXPECT_EQ(clean_file_name("a.exe.").value(), "a.exe");
}

TEST(CleanFileNameTest, MarksThatReorderTextAreTakenOut) {
    EXPECT_EQ(clean_file_name("photo\u202Egpj.exe").value(), "photogpj.exe");
    EXPECT_EQ(clean_file_name("\u061Ca\u200Eb\u200Fc\u202Ad\u202Be\u202Cf\u202Dg\u2066h\u2067i\u2068j\u2069").value(), "abcdefghij");
    EXPECT_EQ(clean_file_name("a/.\u202E.\u200F/\u202Eb").value(), "b");
    EXPECT_ERROR(clean_file_name(".\u202E."), errors::invalid_file_name);
}

TEST(CleanFileNameTest, WhatNamesNothingIsRefused) {
    for (const std::string_view name : {"", ".", "..", "...", " ", " . ", "a/", "a/..", "C:", "C:\\", "/", "\\", "\u202E"})
        EXPECT_EQ(testing::refusal(clean_file_name(name)), errors::invalid_file_name.code) << name;
}

TEST(CleanFileNameTest, ControlsAndInvalidUtf8AreRefused) {
    for (const std::string_view name :
         {"a\nb", "a\r\nb", "a\tb", "\x1B[31m", "a\x7F", "a\u0085b", "a\u009Fb", "\xFF", "\xC3", "a\xC0\xAF", "\xED\xA0\x80", "\xC2"})
        EXPECT_EQ(testing::refusal(clean_file_name(name)), errors::invalid_file_name.code) << name;
    EXPECT_ERROR(clean_file_name(std::string_view{"a\0b", 3}), errors::invalid_file_name);
    EXPECT_EQ(testing::refusal(clean_file_name("a\u00A0b")), "") << "the first character behind the controls";
}

TEST(CleanFileNameTest, LongNameIsShortenedBeforeItsExtension) {
    EXPECT_EQ(clean_file_name(std::string(255, 'a')).value(), std::string(255, 'a'));
    EXPECT_EQ(clean_file_name(std::string(300, 'a')).value(), std::string(255, 'a'));
    EXPECT_EQ(clean_file_name(std::string(300, 'a') + ".jpeg").value(), std::string(250, 'a') + ".jpeg");
    EXPECT_EQ(clean_file_name("a." + std::string(300, 'b')).value(), "a." + std::string(253, 'b')) << "too long for an extension";
    EXPECT_EQ(clean_file_name("a" + std::string(300, '.') + "b").value(), "a" + std::string(252, '.') + ".b");
}

TEST(CleanFileNameTest, LongNameOfWhichOnlyDotsWouldBeLeftIsRefused) {
    EXPECT_ERROR(clean_file_name(std::string(300, '.') + "a name that is no extension"), errors::invalid_file_name);
}

TEST(CleanFileNameTest, LongNameIsCutBetweenCharacters) {
    std::string emoji;
    for (int i = 0; i < 100; ++i) emoji += "\U0001F389";
    const auto name = clean_file_name(emoji + ".png").value();
    EXPECT_EQ(name, emoji.substr(0, 248) + ".png");
}

TEST(CleanFileNameTest, CleanNamesAreCleanAgain) {
    std::minstd_rand engine{1};
    static constexpr std::string_view parts[] = {
        "a", ".", " ", "/", "\\", "C:", "\u202E", "\u00E9", "\U0001F389", "\n", "\xFF", ".png", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"};
    for (int i = 0; i < 20'000; ++i) {
        std::string sent;
        for (auto count = engine() % 16; count > 0; --count) sent += parts[engine() % std::size(parts)];
        const auto name = clean_file_name(sent);
        if (!name) continue;
        ASSERT_LE(name->size(), max_file_name_bytes);
        ASSERT_TRUE(is_utf8(*name));
        ASSERT_EQ(name->find_first_of("/\\\n"), std::string::npos) << sent;
        ASSERT_EQ(clean_file_name(*name).value_or("refused"), *name) << sent;
    }
}

}  // namespace
}  // namespace parley::http
