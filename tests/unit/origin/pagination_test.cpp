// SPDX-License-Identifier: Apache-2.0
#include "origin/pagination.hpp"

#include "chat/errors.hpp"
#include "support/expect.hpp"

#include <gtest/gtest.h>

namespace parley::origin {
namespace {

std::optional<std::int64_t> number(std::string_view value) { return page_number({{"page", std::string{value}}}).value(); }

TEST(OriginPagination, TheFirstPageIsAskedForByNothing) {
    EXPECT_EQ(page_number({}).value(), 1);
    EXPECT_EQ(page_number({{"Page", "3"}}).value(), 1);
}

TEST(OriginPagination, NumbersReadAsInPython) {
    EXPECT_EQ(number("3"), 3);
    EXPECT_EQ(number(" 3\n"), 3);
    EXPECT_EQ(number("+3"), 3);
    EXPECT_EQ(number("007"), 7);
    EXPECT_EQ(number("1_0"), 10);
    EXPECT_EQ(number("last"), std::nullopt);
    EXPECT_EQ(page_number({{"page", "1"}, {"page", "2"}}).value(), 2);
}

TEST(OriginPagination, WhatIsNoPositiveNumberIsNoPage) {
    for (const std::string_view value :
         {"", "0", "-1", "x", "1.0", "1e3", "_1", "1_", "1__0", "--1", "+-1", "- 1", "99999999999999999999", "Last", "last "}) {
        EXPECT_EQ(testing::refusal(page_number({{"page", std::string{value}}})), "chat.no_such_page") << value;
    }
}

TEST(OriginPagination, LinksKeepTheQuerySortedWithAnotherPage) {
    EXPECT_EQ(page_link("http://h/m/", {}, 2), "http://h/m/?page=2");
    EXPECT_EQ(page_link("http://h/m/", {{"z", "1"}, {"page", "7"}, {"a", "é b"}, {"a", ""}}, 8), "http://h/m/?a=%C3%A9+b&a=&page=8&z=1");
}

TEST(OriginPagination, TheFirstPagesLinkHasNoNumber) {
    EXPECT_EQ(page_link("http://h/m/", {{"page", "2"}}, 1), "http://h/m/");
    EXPECT_EQ(page_link("http://h/m/", {{"page", "2"}, {"a", "1"}}, 1), "http://h/m/?a=1");
}

}  // namespace
}  // namespace parley::origin
