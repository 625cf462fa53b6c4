// SPDX-License-Identifier: Apache-2.0
#include "core/json/pretty.hpp"

#include <gtest/gtest.h>

namespace parley::json {
namespace {

TEST(PrettyTest, EveryMemberAndItemHasALine) {
    EXPECT_EQ(pretty(R"({"a":1,"b":[true,null],"c":{"d":"e"}})"), R"({
  "a": 1,
  "b": [
    true,
    null
  ],
  "c": {
    "d": "e"
  }
}
)");
}

TEST(PrettyTest, EmptyObjectsAndArraysStayOnTheirLine) { EXPECT_EQ(pretty(R"({"a":{},"b":[]})"), "{\n  \"a\": {},\n  \"b\": []\n}\n"); }

TEST(PrettyTest, BracketsAndQuotesInsideStringsMeanNothing) { EXPECT_EQ(pretty(R"(["a,{b:\"]}","\\"])"), "[\n  \"a,{b:\\\"]}\",\n  \"\\\\\"\n]\n"); }

}  // namespace
}  // namespace parley::json
