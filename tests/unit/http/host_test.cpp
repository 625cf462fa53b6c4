// SPDX-License-Identifier: Apache-2.0
#include "http/host.hpp"

#include <gtest/gtest.h>
#include <string>

namespace parley::http {
namespace {

TEST(HostTest, NameIsGivenInLowerCaseWithItsPort) {
    EXPECT_EQ(parse_host("Chat.Example.ORG:8443"), (Host{"chat.example.org", std::uint16_t{8443}}));
    EXPECT_EQ(parse_host("localhost"), (Host{"localhost", std::nullopt}));
    EXPECT_EQ(parse_host("127.0.0.1:0"), (Host{"127.0.0.1", std::uint16_t{0}}));
    EXPECT_EQ(parse_host("[2001:DB8::1]:65535"), (Host{"[2001:db8::1]", std::uint16_t{65535}}));
    EXPECT_EQ(parse_host("[::ffff:1.2.3.4]"), (Host{"[::ffff:1.2.3.4]", std::nullopt}));
    EXPECT_EQ(parse_host("my_host.internal."), (Host{"my_host.internal.", std::nullopt}));
}

TEST(HostTest, EmptyPortIsNone) { EXPECT_EQ(parse_host("a:"), (Host{"a", std::nullopt})); }

TEST(HostTest, ViewKeepsTheNameAsWritten) { EXPECT_EQ(view_host("A:1"), (HostView{"A", std::uint16_t{1}})); }

TEST(HostTest, IllFormedHostIsRefused) {
    for (const std::string_view text : {"",
                                        ":80",
                                        "a b",
                                        "a,b",
                                        "a/b",
                                        "u@a",
                                        "a#b",
                                        "a?b",
                                        "a%20b",
                                        "a;b",
                                        "a:b",
                                        "a:80:80",
                                        "a:65536",
                                        "a:+80",
                                        "a:-1",
                                        "a: 80",
                                        "a:8 0",
                                        ".a",
                                        "a..b",
                                        ".",
                                        "[",
                                        "[]",
                                        "[::1",
                                        "::1",
                                        "[::1]x",
                                        "[::1]:x",
                                        "[::1]80",
                                        "[1.2.3.4]",
                                        "[fe80::1%25eth0]",
                                        "[v1.x]",
                                        "[::g]",
                                        "]",
                                        "a]",
                                        "[a]",
                                        "\xC3\xA9",
                                        "a\x7F",
                                        "<a>"})
        EXPECT_EQ(parse_host(text), std::nullopt) << text;
    EXPECT_EQ(parse_host(std::string_view{"a\0b", 3}), std::nullopt);
    EXPECT_EQ(parse_host(std::string_view{"[::1\0]", 6}), std::nullopt);
}

TEST(HostTest, NameIsLimited) {
    EXPECT_TRUE(parse_host(std::string(255, 'a')));
    EXPECT_FALSE(parse_host(std::string(256, 'a')));
}

}  // namespace
}  // namespace parley::http
