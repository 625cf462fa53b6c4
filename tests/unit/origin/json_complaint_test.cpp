// SPDX-License-Identifier: Apache-2.0
#include "origin/json_complaint.hpp"

#include <gtest/gtest.h>

namespace parley::origin {
namespace {

// tests/interop/origin_test.cpp holds more of them to Python itself.

TEST(OriginJsonComplaint, SaysWhatPythonExpected) {
    EXPECT_EQ(json_complaint(""), "Expecting value: line 1 column 1 (char 0)");
    EXPECT_EQ(json_complaint("{"), "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)");
    EXPECT_EQ(json_complaint(R"({"a" 1})"), "Expecting ':' delimiter: line 1 column 6 (char 5)");
    EXPECT_EQ(json_complaint(R"({"a": 1 "b")"), "Expecting ',' delimiter: line 1 column 9 (char 8)");
    EXPECT_EQ(json_complaint("1 2"), "Extra data: line 1 column 3 (char 2)");
    EXPECT_EQ(json_complaint("\"a"), "Unterminated string starting at: line 1 column 1 (char 0)");
    EXPECT_EQ(json_complaint(R"("\x")"), "Invalid \\escape: line 1 column 2 (char 1)");
}

TEST(OriginJsonComplaint, CountsLinesAndCharacters) {
    EXPECT_EQ(json_complaint("{\n\n  \"é\": x}"), "Expecting value: line 3 column 8 (char 10)");
    EXPECT_EQ(json_complaint("\n"), "Expecting value: line 2 column 1 (char 1)");
}

TEST(OriginJsonComplaint, SaysWhereTextIsNoUtf8) {
    EXPECT_EQ(json_complaint("{\"\xFF\"}"), "'utf-8' codec can't decode byte 0xff in position 2: invalid start byte");
    EXPECT_EQ(json_complaint("\"\xC3(\""), "'utf-8' codec can't decode byte 0xc3 in position 1: invalid continuation byte");
}

TEST(OriginJsonComplaint, EndsInAnyDepth) { EXPECT_EQ(json_complaint(std::string(100'000, '[')), "Nested too deeply: line 1 column 34 (char 33)"); }

}  // namespace
}  // namespace parley::origin
