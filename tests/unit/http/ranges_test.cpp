// SPDX-License-Identifier: Apache-2.0
#include "http/ranges.hpp"

#include <gtest/gtest.h>
#include <string>

namespace parley::http {
namespace {

constexpr RangeAnswer whole = WholeFile{}, unsatisfiable = Unsatisfiable{};
RangeAnswer range(std::uint64_t first, std::uint64_t last) { return ByteRange{first, last}; }

TEST(RangesTest, OneRangeIsHonoured) {
    EXPECT_EQ(parse_range("bytes=0-0", 10), range(0, 0));
    EXPECT_EQ(parse_range("bytes=2-5", 10), range(2, 5));
    EXPECT_EQ(parse_range("Bytes=2-", 10), range(2, 9));
    EXPECT_EQ(parse_range("bytes=-3", 10), range(7, 9));
    EXPECT_EQ(parse_range("bytes=00000000000000000000002-5", 10), range(2, 5));
    EXPECT_EQ((ByteRange{2, 5}.size()), 4U);
}

TEST(RangesTest, RangeIsCutAtTheEndOfTheFile) {
    EXPECT_EQ(parse_range("bytes=5-10", 10), range(5, 9));
    EXPECT_EQ(parse_range("bytes=0-99999999999999999999999999", 10), range(0, 9));
    EXPECT_EQ(parse_range("bytes=-11", 10), range(0, 9));
    EXPECT_EQ(parse_range("bytes=-99999999999999999999999999", 10), range(0, 9));
}

TEST(RangesTest, RangeOutsideTheFileCannotBeSatisfied) {
    for (const std::string_view text : {"bytes=10-", "bytes=10-20", "bytes=99999999999999999999999999-", "bytes=-0"})
        EXPECT_EQ(parse_range(text, 10), unsatisfiable) << text;
    EXPECT_EQ(parse_range("bytes=0-", 0), unsatisfiable);
    EXPECT_EQ(parse_range("bytes=0-0", 0), unsatisfiable);
}

TEST(RangesTest, LastBytesOfAnEmptyFileAreAllOfIt) { EXPECT_EQ(parse_range("bytes=-5", 0), whole); }

TEST(RangesTest, SeveralOrIllFormedRangesGetTheWholeFile) {
    std::string thousand = "bytes=0-0";
    for (int i = 1; i < 1000; ++i) thousand += ",0-0";
    for (const std::string& text : {thousand, std::string{"bytes=0-,0-"}, std::string{"bytes=0-1,5-6"}, std::string{"bytes=-1,-2"}})
        EXPECT_EQ(parse_range(text, 10), whole) << text;
    for (const std::string_view text :
         {"", "bytes", "bytes=", "bytes=-", "bytes=1", "bytes=5-2", "bytes=a-b", "bytes=1-b", "bytes= 1-2", "bytes=1 -2", "bytes=1-2 ", "bytes=+1-2",
          "bytes=1--2", "bytes=--1", "lines=1-2", "bytes:1-2", "bytes=1-2,", "bytes=0x1-2"})
        EXPECT_EQ(parse_range(text, 10), whole) << text;
}

TEST(RangesTest, IfRangeHoldsForTheSameStrongTagOnly) {
    EXPECT_TRUE(if_range_holds("\"abc\"", "\"abc\""));
    for (const std::string_view value : {"\"abd\"", "W/\"abc\"", "abc", "", "*", "\"abc\", \"d\"", "Sun, 22 Nov 2026 18:07:00 GMT"})
        EXPECT_FALSE(if_range_holds(value, "\"abc\"")) << value;
    EXPECT_FALSE(if_range_holds("W/\"abc\"", "W/\"abc\""));
}

TEST(RangesTest, IfNoneMatchComparesWeaklyInLists) {
    for (const std::string_view value :
         {"\"abc\"", "W/\"abc\"", "*", "\"x\", \"abc\"", "\"x\",W/\"abc\",\"y\"", ", ,\"abc\"", "\"a,b\" , \"abc\"", "\"\", \"abc\""})
        EXPECT_TRUE(if_none_match_names(value, "\"abc\"")) << value;
    for (const std::string_view value : {"", "\"ab\"", "abc", "\"abcd\"", "\"x,abc\"", "\"abc", "w/\"abc\"", "W/abc", "\"x\" \"abc\"", "x, \"abc\"",
                                         "**", "\"ABC\"", "\"\t\", \"abc\""})
        EXPECT_FALSE(if_none_match_names(value, "\"abc\"")) << value;
    EXPECT_TRUE(if_none_match_names("\"abc\"", "W/\"abc\""));
}

}  // namespace
}  // namespace parley::http
