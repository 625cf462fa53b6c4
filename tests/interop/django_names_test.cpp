// SPDX-License-Identifier: Apache-2.0
#include "users/email.hpp"
#include "users/names.hpp"

#include "auth/python_text.hpp"

#include "core/json/writer.hpp"

#include "interop/oracle.hpp"
#include "interop/random_text.hpp"

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <array>
#include <set>
#include <string>
#include <vector>

namespace parley::interop {
namespace {

std::string to_json(const std::vector<std::string>& texts) {
    std::string text;
    json::Writer out{text};
    out.begin_array();
    for (const auto& one : texts) out.string(one);
    out.end_array();
    return text;
}

TEST(DjangoNames, EveryCharacterIsWhatItIsToPython) {
    json::Document document;
    const auto answer = ask_json(document, python, "django_names.py", "", "characters");
    std::string_view flags;
    std::uint8_t version = 0;
    for (const auto member : answer) {
        if (member.key() == "flags") flags = member.string();
        if (member.key() == "version") version = static_cast<std::uint8_t>((*member.begin()).integer());
    }
    ASSERT_EQ(flags.size(), 0x110000U);
    const users::NameFolder folder;
    std::set<char32_t> refused;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (!RandomText::is_old(c, version)) continue;  // what one of the two does not know yet
        const int ours = (auth::python::is_word(c) ? 1 : 0) + (auth::python::is_digit(c) ? 2 : 0) + (auth::python::is_space(c) ? 4 : 0);
        ASSERT_EQ(flags[c] - '0', ours) << std::hex << static_cast<std::uint32_t>(c);
        const bool django_accepts = (ours & 1) != 0 || std::u32string_view{U".@+-"}.contains(c);
        const bool accepted = users::parse_username(folder, auth::python::utf8({&c, 1})).has_value();
        ASSERT_TRUE(django_accepts || !accepted) << std::hex << static_cast<std::uint32_t>(c);
        if (django_accepts && !accepted) refused.insert(c);
    }
    EXPECT_EQ(refused, (std::set<char32_t>{0x115F, 0x1160, 0x3164, 0xFFA0})) << "only the Hangul fillers, letters that nobody sees";
}

TEST(DjangoNames, LowerCaseIsPythons) {
    RandomText random{2};
    std::vector<std::string> texts;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (RandomText::is_old(c)) texts.push_back(auth::python::utf8({&c, 1}));
    }
    for (int i = 0; i < 20'000; ++i) texts.push_back(random.any(random.below(12)) + random.of(U"aAΣσς.\u0301\u00AD İIiı1", random.below(12)));
    json::Document document;
    const auto answers = ask_json(document, python, "django_names.py", to_json(texts), "lower");
    auto text = texts.begin();
    for (const auto answer : answers) {
        ASSERT_EQ(auth::python::utf8(auth::python::lower(*text)), answer.string()) << *text;
        ++text;
    }
    EXPECT_EQ(text, texts.end());
}

TEST(DjangoNames, UsernamesAreAcceptedAsByDjango) {
    RandomText random{3};
    std::vector<std::string> names;
    for (int i = 0; i < 5'000; ++i) {
        auto name = i % 2 == 0 ? random.of(U"aZ09_.@+-é李²½ ,/\n\u0301", 1 + random.below(6)) : random.any(1 + random.below(4));
        names.push_back(std::move(name));
    }
    const users::NameFolder folder;
    json::Document document;
    int accepted = 0;
    auto name = names.begin();
    for (const auto answer : ask_json(document, python, "django_names.py", to_json(names), "usernames")) {
        ASSERT_EQ(users::parse_username(folder, *name).has_value(), answer.boolean()) << *name;
        accepted += answer.boolean() ? 1 : 0;
        ++name;
    }
    EXPECT_GT(accepted, 500);
}

/// Addresses around the edges of the grammar, made of likely and unlikely parts.
class AddressMaker {
public:
    std::string next() {
        static const std::array<std::string, 20> locals{
            "ann", "a.b", "a..b", ".a", "a.",     "\"\"", "\"a b\"", "\"a\\ b\"", "\"a\\\"b\"", "\"a\"b\"", "\"a@b\"", "a@b", "!#$%&'*+-/=?^_`{|}~",
            "a b", "",    "ä",    "\"", "\"\\\"", "\"a",  "a(b)"};
        static const std::array<std::string, 39> domains{"example.org",
                                                         "EXAMPLE.Org",
                                                         "localhost",
                                                         "LOCALHOST",
                                                         "example",
                                                         "a.b",
                                                         "a.bc",
                                                         "a-.bc",
                                                         "-a.bc",
                                                         "a.-bc",
                                                         "a.bc-",
                                                         "a--b.cd",
                                                         "a.b1",
                                                         "a.12",
                                                         "1.23",
                                                         "a_b.cd",
                                                         "a..bc",
                                                         ".a.bc",
                                                         "a.bc.",
                                                         "",
                                                         "[127.0.0.1]",
                                                         "[127.0.0.01]",
                                                         "[256.0.0.1]",
                                                         "[1.2.3]",
                                                         "[::1]",
                                                         "[::ffff:1.2.3.4]",
                                                         "[1::2::3]",
                                                         "[fe80::1%1]",
                                                         "[12345::]",
                                                         "[1:2:3:4:5:6:7:8]",
                                                         "[1:2:3:4:5:6:7::]",
                                                         "[IPv6:::1]",
                                                         "[::1",
                                                         "[]",
                                                         "bücher.example",
                                                         "例え.テスト",
                                                         "例え。テスト",
                                                         "xn--bcher-kva.example",
                                                         "ab--cé.example"};
        auto address = random_.pick(locals) + "@" + random_.pick(domains);
        switch (random_.below(4)) {
            case 0: return address;
            case 1: return address.insert(random_.below(address.size() + 1), random_.of(U"ab.@-\"\\[]: 1", 1)), valid(address);
            case 2: return address.erase(random_.below(address.size()), 1), valid(address);
            default: return random_.of(U"aZ9.-_+\"\\ @", random_.below(8)) + "@" + random_.of(U"aZ9.-_éß", random_.below(70)) + ".example";
        }
    }

private:
    /// A mutation may have cut a character in two; Python would not read it.
    static std::string valid(const std::string& text) {
        std::string out;
        return icu::UnicodeString::fromUTF8(text).toUTF8String(out);
    }

    RandomText random_{4};
};

TEST(DjangoNames, EmailsAreAcceptedAsByDjango) {
    std::vector<std::string> addresses;
    for (AddressMaker maker; addresses.size() < 20'000;) {
        auto address = maker.next();
        if (address.size() <= users::max_email_bytes) addresses.push_back(std::move(address));
    }
    json::Document document;
    int accepted = 0;
    auto address = addresses.begin();
    for (const auto answer : ask_json(document, python, "django_names.py", to_json(addresses), "emails")) {
        EXPECT_EQ(users::parse_email(*address).has_value(), answer.boolean()) << *address;
        accepted += answer.boolean() ? 1 : 0;
        ++address;
    }
    EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace parley::interop
