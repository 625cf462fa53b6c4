// SPDX-License-Identifier: Apache-2.0
#include "auth/errors.hpp"
#include "auth/password_rules.hpp"
#include "auth/python_text.hpp"

#include "core/embedded.hpp"
#include "core/json/errors.hpp"
#include "core/json/writer.hpp"

#include "interop/oracle.hpp"
#include "interop/random_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unicode/unistr.h>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace parley::embedded {
std::span<const EmbeddedFile> common_passwords();
}

namespace parley::interop {
namespace {

struct Case {
    std::string password, username, display_name, email;
};

/// Makes passwords that are near the rules' edges: alike to a fact, nearly common, nearly of digits only.
class CaseMaker {
public:
    Case next() {
        Case made{.username = text(), .display_name = text() + pick_separator() + text(), .email = text() + "@" + text() + ".example"};
        if (text_.below(8) == 0) made.username.clear();
        if (text_.below(4) == 0) made.display_name.clear();
        if (text_.below(4) == 0) made.email.clear();
        const std::array facts{made.username, made.display_name, made.email};
        switch (text_.below(5)) {
            case 0: made.password = text(); break;
            case 1: made.password = common(); break;
            case 2: made.password = text_.of(U"0123456789٣²½໑𝟗.-", text_.below(12)); break;
            default: made.password = altered(text_.pick(facts)); break;
        }
        return made;
    }

private:
    std::string pick_separator() {
        static const std::array<std::string, 5> separators{" ", "-", "", "\u0301", "\n"};
        return text_.pick(separators);
    }

    std::string text() {
        // Letters whose lower case is longer, depends on its neighbours, or is ASCII.
        static const std::array<std::string, 14> words{"gandalf", "İstanbul", "ΟΔΥΣΣΕΥΣ",  "ΑΣ.ΑΣ", "Straße", "\u212Aelvin", "e\u0301te\u0301",
                                                       "李小龍",  "अनिता",    "user_name", "a.b+c", "ﬁn",     "Ǆungla",      ""};
        switch (text_.below(4)) {
            case 0: return text_.pick(words);
            case 1: return text_.any(text_.below(20));
            case 2: return text_.of(U"abcABC_.1 Σ", text_.below(14));
            default: return text_.of(U"abcdefghijklmnopqrstuvwxyz", text_.below(30));
        }
    }

    /// `fact` with some characters left out, doubled, in another case or order.
    std::string altered(const std::string& fact) {
        const auto points = icu::UnicodeString::fromUTF8(fact);
        std::u32string out;
        for (std::int32_t at = 0; at < points.length(); at = points.moveIndex32(at, 1)) {
            const auto c = static_cast<char32_t>(points.char32At(at));
            const auto what = text_.below(10);
            if (what == 0) continue;
            if (what == 1) out += static_cast<char32_t>(u_toupper(static_cast<UChar32>(c)));
            else out += what == 2 ? U'x' : c;
            if (what == 3) out += c;
        }
        if (text_.below(3) == 0) std::ranges::reverse(out);
        return auth::python::utf8(out) + text_.of(U"0123456789!", text_.below(9));
    }

    std::string common() {
        const auto list = embedded::common_passwords().front().content;
        const auto begin = list.find('\n', text_.below(list.size() - 100)) + 1;
        std::string password{list.substr(begin, list.find('\n', begin) - begin)};
        switch (text_.below(5)) {
            case 0: return "\x1f " + password + "\u2003";
            case 1: return password + "1";
            case 2: password.front() = static_cast<char>(u_toupper(password.front())); return password;
            case 3: return altered(password);
            default: return password;
        }
    }

    RandomText text_{1};
};

std::vector<Case> cases() {
    std::vector<Case> all{{"", "", "", ""},           {"", "@a", "", ""},         {"", "a", "", "a@"},
                          {"a", "a", "a", "a"},       {"ΣΑΣ", "σας", "", ""},     {"\u0130", "i\u0307", "", ""},
                          {" password ", "", "", ""}, {"password\n", "", "", ""}, {"password\x1c", "", "", ""}};
    for (CaseMaker maker; all.size() < 20'000;) all.push_back(maker.next());
    // The longest the rules are asked about: facts at their limits, passwords far beyond.
    for (const std::size_t length : {7U, 8U, 107U, 150U, 254U, 278U, 280U, 5000U})
        all.push_back({std::string(length, 'a'), std::string(150, 'a'), "", ""});
    return all;
}

/// Our verdict, spelled as django_passwords.py spells Django's. The upper limit of length is ours alone.
std::string verdict(const Case& of) {
    const auth::PersonalFacts facts{.username = of.username, .display_name = of.display_name, .email = of.email};
    std::string text;
    for (const auto* kind : auth::check_password(of.password, facts)) {
        if (kind == &json::errors::too_long) continue;
        if (!text.empty()) text += ' ';
        text += kind->code;
        if (kind == &auth::errors::too_similar) text += fmt::format(":{}", auth::find_similar_fact(of.password, facts).value());
    }
    return text;
}

std::string to_json(const std::vector<Case>& all) {
    std::string text;
    json::Writer out{text};
    out.begin_array();
    for (const auto& one : all) out.begin_array().string(one.password).string(one.username).string(one.display_name).string(one.email).end_array();
    out.end_array();
    return text;
}

TEST(DjangoPasswords, EveryPasswordIsJudgedAsDjangoDoes) {
    const auto all = cases();
    json::Document document;
    const auto answers = ask_json(document, python, "django_passwords.py", to_json(all));
    ASSERT_EQ(answers.size(), all.size());
    std::map<std::string, int> seen;
    auto one = all.begin();
    for (const auto answer : answers) {
        ASSERT_EQ(verdict(*one), answer.string()) << to_json({*one});
        ++seen[std::string{answer.string()}];
        ++one;
    }
    // The cases are worth something: each rule is both kept and broken by many.
    EXPECT_GT(seen[""], 1000);
    for (const auto* broken :
         {"too_short", "too_similar:username", "too_similar:display name", "too_similar:email address", "too_common", "all_digits"})
        EXPECT_GT(seen[broken], 50) << broken;
}

}  // namespace
}  // namespace parley::interop
