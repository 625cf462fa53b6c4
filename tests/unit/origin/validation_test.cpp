// SPDX-License-Identifier: Apache-2.0
#include "origin/validation.hpp"

#include "origin/errors.hpp"

#include <gtest/gtest.h>

namespace parley::origin {
namespace {

using Kind = Value::Kind;

RequestData data_with(Value value) {
    RequestData data;
    data.add("a", std::move(value));
    return data;
}

/// What is noted of the field "a", all sentences one after the other.
std::string noted(const RequestData& data, Validation::Presence presence = {}) {
    Validation validation{data};
    const auto text = validation.text("a", presence);
    if (!validation.failed()) return "";
    EXPECT_FALSE(text.has_value());
    const auto error = validation.take_error();
    std::string all;
    for (const auto& field : error.fields()) all += field.pointer + ' ' + field.detail;
    return all;
}

TEST(OriginValidation, AMissingFieldIsRequiredUnlessItMayBeLeftOut) {
    EXPECT_EQ(noted({}), "/a This field is required.");
    EXPECT_EQ(noted({}, {.required = false}), "");
}

TEST(OriginValidation, ValuesThatAreNoTextAreRefused) {
    EXPECT_EQ(noted(data_with({Kind::null, ""})), "/a This field may not be null.");
    EXPECT_EQ(noted(data_with({Kind::boolean, ""})), "/a Not a valid string.");
    EXPECT_EQ(noted(data_with({Kind::other, ""})), "/a Not a valid string.");
    EXPECT_EQ(noted(data_with({Kind::number, "12"})), "");
}

TEST(OriginValidation, WhiteSpaceOfAnyScriptIsCutOff) {
    const auto data = data_with({Kind::text, "\u3000 x y\t\u2003"});
    Validation validation{data};
    EXPECT_EQ(validation.text("a"), "x y");
}

TEST(OriginValidation, WhatIsBlankAfterThatIsBlank) {
    EXPECT_EQ(noted(data_with({Kind::text, ""})), "/a This field may not be blank.");
    EXPECT_EQ(noted(data_with({Kind::text, " \u00A0\n"})), "/a This field may not be blank.");
    const auto data = data_with({Kind::text, "  "});
    Validation validation{data};
    EXPECT_EQ(validation.text("a", {.required = false, .may_be_blank = true}), "");
}

TEST(OriginValidation, LengthCountsCharactersAndNotBytes) {
    const RequestData data;
    Validation validation{data};
    validation.check_length("a", "ééé", 3);
    EXPECT_FALSE(validation.failed());
    validation.check_length("a", "éééé", 3);
    EXPECT_TRUE(validation.failed());
    EXPECT_EQ(validation.take_error().fields().front().detail, "Ensure this field has no more than 3 characters.");
}

TEST(OriginValidation, EverythingThatIsWrongIsToldAtOnce) {
    const RequestData data;
    Validation validation{data};
    validation.text("a");
    validation.check_nulls("b", std::string_view{"\0", 1});
    validation.note("b", "Never.");
    const auto error = validation.take_error();
    EXPECT_TRUE(error.is(errors::invalid_field));
    ASSERT_EQ(error.fields().size(), 3U);
    EXPECT_EQ(error.fields()[1].detail, "Null characters are not allowed.");
    EXPECT_EQ(error.fields()[2].pointer, "/b");
}

}  // namespace
}  // namespace parley::origin
