// SPDX-License-Identifier: Apache-2.0
#include "auth/common_passwords.hpp"

#include "core/embedded.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <span>
#include <string>

namespace parley::embedded {
std::span<const EmbeddedFile> common_passwords();
}

namespace parley::auth {
namespace {

std::vector<std::string> list() {
    std::vector<std::string> lines;
    std::string_view rest = embedded::common_passwords().front().content;
    for (; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) lines.emplace_back(rest.substr(0, rest.find('\n')));
    return lines;
}

TEST(CommonPasswords, EveryOneOfTheListIsFound) {
    const auto lines = list();
    EXPECT_EQ(lines.size(), common_password_count());
    EXPECT_GT(lines.size(), 19'000U);
    for (const auto& line : lines) EXPECT_TRUE(is_common_password(line)) << line;
}

TEST(CommonPasswords, NoneBesideThemIsFound) {
    const auto lines = list();
    for (const auto& line : lines) {
        for (const auto& neighbour : {line + '!', line.substr(0, line.size() - 1), '\x01' + line}) {
            EXPECT_EQ(is_common_password(neighbour), std::ranges::binary_search(lines, neighbour)) << neighbour;
        }
    }
    for (const auto* absent : {"", " ", "\n", "no such password", "zzzzzzzzzzzzzzzzzzzzzzzz", "\x7f", "пароль", "\xF0\x9F\x98\x80"})
        EXPECT_FALSE(is_common_password(absent)) << absent;
}

TEST(CommonPasswords, CaseAndOuterWhiteSpaceDoNotMatter) {
    EXPECT_TRUE(is_common_password("PassWord"));
    EXPECT_TRUE(is_common_password(" \t\x1c password \u3000\n"));
    EXPECT_TRUE(is_common_password("mon\u212Aey")) << "the Kelvin sign is a k in lower case";
    EXPECT_FALSE(is_common_password("pass word"));
    EXPECT_FALSE(is_common_password("password\ndragon")) << "two lines of the list are no password";
}

// is_common_password refuses what is not ASCII without looking, and the search needs the order.
TEST(CommonPasswords, ListIsAsciiAndInOrder) {
    const std::string_view content = embedded::common_passwords().front().content;
    EXPECT_TRUE(std::ranges::all_of(content, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
    EXPECT_TRUE(content.ends_with('\n'));
    EXPECT_TRUE(std::ranges::is_sorted(list()));
}

}  // namespace
}  // namespace parley::auth
