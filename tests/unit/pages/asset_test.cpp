// SPDX-License-Identifier: Apache-2.0
#include "pages/asset.hpp"

#include "pages/gzip.hpp"

#include <gtest/gtest.h>
#include <algorithm>

namespace parley::pages {
namespace {

std::string header(const http::Reply& reply, std::string_view name) {
    const auto found = std::ranges::find(reply.headers, name, &std::pair<std::string_view, std::string>::first);
    return found == reply.headers.end() ? "" : found->second;
}

const Asset two_codings = make_asset("text/plain", "plain text", "packed", http::ContentPolicy::asset);
const Asset one_coding = make_asset("image/png", "picture", {}, http::ContentPolicy::asset);

TEST(AssetTest, GzipIsTakenWhereTheClientNamesItOrTakesAnything) {
    for (const std::string_view field :
         {"gzip", "deflate, gzip, br", "GZIP", "gzip;q=0.001", "gzip; q=1", "*", "identity;q=0, *;q=0.5", " br ,\tgzip ", "x-gzip", "*;q=0, gzip"})
        EXPECT_TRUE(accepts_gzip(field)) << field;
}

TEST(AssetTest, GzipIsNotTakenWhereTheClientDoesNotWantIt) {
    for (const std::string_view field : {"", "identity", "br, deflate", "gzip;q=0", "gzip;q=0.000", "*, gzip;q=0", "*;q=0", "gzipped", "q=1", ",,;"})
        EXPECT_FALSE(accepts_gzip(field)) << field;
}

TEST(AssetTest, CompressedAnswerSaysSoAndThatItDependsOnTheField) {
    const auto reply = serve(two_codings, "gzip", "");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.static_body, "packed");
    EXPECT_EQ(reply.content_type, "text/plain");
    EXPECT_EQ(header(reply, "Content-Encoding"), "gzip");
    EXPECT_EQ(header(reply, "Vary"), "Accept-Encoding");
}

TEST(AssetTest, PlainAnswerDependsOnTheFieldToo) {
    const auto reply = serve(two_codings, "br", "");
    EXPECT_EQ(reply.static_body, "plain text");
    EXPECT_EQ(header(reply, "Content-Encoding"), "");
    EXPECT_EQ(header(reply, "Vary"), "Accept-Encoding");
}

TEST(AssetTest, WhatHasOneCodingIsTheSameForEverybody) {
    const auto reply = serve(one_coding, "gzip", "");
    EXPECT_EQ(reply.static_body, "picture");
    EXPECT_EQ(header(reply, "Vary"), "");
}

TEST(AssetTest, EachCodingHasAStrongTagOfItsOwn) {
    const auto plain = header(serve(two_codings, "", ""), "ETag"), packed = header(serve(two_codings, "gzip", ""), "ETag");
    EXPECT_NE(plain, packed);
    EXPECT_TRUE(plain.starts_with('"') && plain.ends_with('"')) << plain;
    EXPECT_NE(plain, header(serve(one_coding, "", ""), "ETag"));
}

TEST(AssetTest, ClientThatHasItGetsNothingAgain) {
    const auto tag = header(serve(two_codings, "gzip", ""), "ETag");
    const auto reply = serve(two_codings, "gzip", "\"other\", " + tag);
    EXPECT_EQ(reply.status, 304);
    EXPECT_EQ(reply.static_body, "");
    EXPECT_EQ(header(reply, "ETag"), tag);
    EXPECT_EQ(header(reply, "Vary"), "Accept-Encoding");
}

TEST(AssetTest, TagOfTheOtherCodingIsNotTheSame) { EXPECT_EQ(serve(two_codings, "", header(serve(two_codings, "gzip", ""), "ETag")).status, 200); }

TEST(GzipTest, EqualTextsGiveEqualBytesWithoutATime) {
    const std::string text(10'000, 'x');
    const auto packed = gzip(text);
    EXPECT_LT(packed.size(), 100U);
    EXPECT_EQ(packed, gzip(text));
    EXPECT_EQ(packed.substr(0, 8), (std::string{"\x1f\x8b\x08\x00\x00\x00\x00\x00", 8}));  // RFC 1952 section 2.3: no name, no time
}

}  // namespace
}  // namespace parley::pages
