// SPDX-License-Identifier: Apache-2.0
#include "http/url.hpp"

#include "http/errors.hpp"

#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace parley::http {
namespace {

Result<std::vector<std::string>> segments(std::string_view text) {
    Path path;
    CHECK(path.decode(text));
    return std::vector<std::string>{path.segments().begin(), path.segments().end()};
}

TEST(UrlTest, TargetIsSplitAtTheFirstQuestionMark) {
    EXPECT_EQ(split_target("/a?b=c?d").path, "/a");
    EXPECT_EQ(split_target("/a?b=c?d").query, "b=c?d");
    EXPECT_EQ(split_target("/a").query, "");
    EXPECT_EQ(split_target("*").path, "*");
}

TEST(UrlTest, SegmentsAreDecoded) {
    EXPECT_EQ(segments("/api/v1/groups").value(), (std::vector<std::string>{"api", "v1", "groups"}));
    EXPECT_EQ(segments("/ws/chat/%F0%9F%8E%89%20party+x/").value(), (std::vector<std::string>{"ws", "chat", "\U0001F389 party+x"}));
    EXPECT_EQ(segments("/").value(), std::vector<std::string>{});
    EXPECT_EQ(segments("/...").value(), std::vector<std::string>{"..."});
    EXPECT_EQ(segments("/%2541").value(), std::vector<std::string>{"%41"}) << "decoded once";
}

TEST(UrlTest, TrailingSlashIsReported) {
    Path path;
    for (const auto& [text, trailing] : {std::pair{"/a/", true}, {"/a", false}, {"/", false}}) {
        ASSERT_OK(path.decode(text));
        EXPECT_EQ(path.trailing_slash(), trailing) << text;
    }
}

TEST(UrlTest, PathThatCouldNameAnythingElseIsRefused) {
    for (const std::string_view text : {"",           "*",          "a",      "//",     "/a//b", "/a//", "/.",        "/..",   "/a/../b", "/%2e%2e/x",
                                        "/.%2E",      "/%2e%2e%2f", "/a%2Fb", "/a%5cb", "/a\\b", "/%00", "/a%0a",     "/a%7F", "/%c0%ae", "/%C3",
                                        "/%ED%A0%80", "/%FF",       "/%",     "/%4",    "/%g1",  "/a b", "/\xC3\xA9", "/a#b"})
        EXPECT_EQ(testing::refusal(segments(text)), errors::bad_path.code) << text;
}

TEST(UrlTest, SegmentsAreLimited) {
    std::string path;
    for (std::size_t i = 0; i < Path::max_segments; ++i) path += "/a";
    EXPECT_OK(segments(path));
    EXPECT_ERROR(segments(path + "/a"), errors::bad_path);
}

TEST(UrlTest, PathCanBeReadAgain) {
    Path path;
    ASSERT_OK(path.decode("/a/%20"));
    ASSERT_OK(path.decode("/%C3%A9/b/"));
    EXPECT_EQ((std::vector<std::string_view>{path.segments().begin(), path.segments().end()}), (std::vector<std::string_view>{"\u00E9", "b"}));
}

TEST(UrlTest, QueryValueIsFoundAndDecoded) {
    constexpr std::string_view query = "limit=50&q=caf%C3%A9+au%2Blait&&empty=&bare&na%6De=x&a=b=c";
    const auto value = [&](std::string_view name) { return find_query(query, name).value().value().value; };
    EXPECT_EQ(value("limit"), "50");
    EXPECT_EQ(value("q"), "caf\u00E9 au+lait");
    EXPECT_EQ(value("empty"), "");
    EXPECT_EQ(value("bare"), "");
    EXPECT_EQ(value("name"), "x");
    EXPECT_EQ(value("a"), "b=c");
    EXPECT_FALSE(find_query(query, "lim").value());
    EXPECT_FALSE(find_query("", "limit").value());
}

TEST(UrlTest, RepeatedQueryNameIsReported) {
    const auto found = find_query("a=1&b=2&a=3", "a").value();
    EXPECT_EQ(found->value, "1");
    EXPECT_TRUE(found->repeated);
    EXPECT_FALSE(find_query("a=1&b=2&a=3", "b").value()->repeated);
}

TEST(UrlTest, QueryValueThatIsNoTextIsRefusedWhereItIsAskedFor) {
    for (const std::string_view query : {"a=%FF", "a=%00", "a=%", "a=%c0%ae"}) {
        EXPECT_EQ(testing::refusal(find_query(query, "a")), errors::bad_query.code) << query;
        EXPECT_EQ(testing::refusal(find_query(query, "b")), "") << query;
    }
    EXPECT_OK(find_query("a=" + std::string(4096, 'x'), "a"));
    EXPECT_ERROR(find_query("a=" + std::string(4097, 'x'), "a"), errors::bad_query);
}

}  // namespace
}  // namespace parley::http
