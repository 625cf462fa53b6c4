// SPDX-License-Identifier: Apache-2.0
#include "origin/request_data.hpp"

#include "origin/errors.hpp"
#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace parley::origin {
namespace {

using Kind = Value::Kind;

Kind kind_of(const RequestData& data, std::string_view name) {
    const auto* value = data.find(name);
    EXPECT_NE(value, nullptr) << name;
    return value == nullptr ? Kind::null : value->kind;
}

std::string text_of(const RequestData& data, std::string_view name) {
    const auto* value = data.find(name);
    return value == nullptr ? "(none)" : value->text;
}

TEST(OriginRequestData, JsonValuesKeepTheirKind) {
    const auto data = read_request_data("application/json", R"({"t":"x","n":null,"b":true,"l":[1],"o":{"t":1},"i":-3,"r":1.5})");
    ASSERT_OK(data);
    EXPECT_EQ(kind_of(*data, "t"), Kind::text);
    EXPECT_EQ(kind_of(*data, "n"), Kind::null);
    EXPECT_EQ(kind_of(*data, "b"), Kind::boolean);
    EXPECT_EQ(kind_of(*data, "l"), Kind::other);
    EXPECT_EQ(kind_of(*data, "o"), Kind::other);
    EXPECT_EQ(text_of(*data, "i"), "-3");
    EXPECT_EQ(text_of(*data, "r"), "1.5");
    EXPECT_EQ(data->find("x"), nullptr);
}

TEST(OriginRequestData, TheLastOfSeveralValuesCounts) {
    EXPECT_EQ(text_of(read_request_data("application/json", R"({"a":"1","a":"2"})").value(), "a"), "2");
    EXPECT_EQ(text_of(read_request_data("application/x-www-form-urlencoded", "a=1&b=3&a=2").value(), "a"), "2");
}

TEST(OriginRequestData, AnEmptyBodyHasNoFieldsWhateverItsType) {
    for (const std::string_view type : {"", "text/plain", "application/json", "multipart/form-data"}) {
        const auto data = read_request_data(type, "");
        ASSERT_OK(data);
        EXPECT_EQ(data->find("a"), nullptr);
    }
}

TEST(OriginRequestData, OtherTypesAreNamedInTheRefusal) {
    const auto data = read_request_data("text/plain; charset=utf-8", "a=1");
    EXPECT_ERROR(data, errors::unsupported_media_type);
    EXPECT_EQ(data.error().detail(), "Unsupported media type \"text/plain; charset=utf-8\" in request.");
}

TEST(OriginRequestData, MultipartHasTextsAndFiles) {
    const auto data = read_request_data("multipart/form-data; boundary=x",
                                        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\xFF\r\n"
                                        "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n2\r\n--x--\r\n");
    ASSERT_OK(data);
    EXPECT_EQ(text_of(*data, "a"), "1\uFFFD");
    EXPECT_EQ(kind_of(*data, "f"), Kind::other);
    EXPECT_ERROR(read_request_data("multipart/form-data", "--x"), errors::parse_error);
    EXPECT_ERROR(read_request_data("multipart/form-data; boundary=x", "--x\r\nContent-Disp"), errors::parse_error);
}

TEST(OriginRequestData, JsonThatIsNoObjectIsABodyOfTheWrongType) {
    const auto data = read_request_data("application/json", "[1]");
    EXPECT_ERROR(data, errors::invalid_field);
    ASSERT_EQ(data.error().fields().size(), 1U);
    EXPECT_EQ(data.error().fields().front().pointer, "");
    EXPECT_EQ(data.error().fields().front().detail, "Invalid data. Expected a dictionary, but got list.");
    EXPECT_ERROR(read_request_data("application/json", "{"), errors::parse_error);
}

TEST(OriginRequestData, RealNumbersReadAsInPython) {
    EXPECT_EQ(python_float(1), "1.0");
    EXPECT_EQ(python_float(-0.0), "-0.0");
    EXPECT_EQ(python_float(0.1), "0.1");
    EXPECT_EQ(python_float(0.0001), "0.0001");
    EXPECT_EQ(python_float(0.00001), "1e-05");
    EXPECT_EQ(python_float(1e15), "1000000000000000.0");
    EXPECT_EQ(python_float(1e16), "1e+16");
    EXPECT_EQ(python_float(1.5e300), "1.5e+300");
    EXPECT_EQ(python_float(std::numeric_limits<double>::infinity()), "inf");
}

}  // namespace
}  // namespace parley::origin
