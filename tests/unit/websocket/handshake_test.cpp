// SPDX-License-Identifier: Apache-2.0
#include "websocket/handshake.hpp"

#include "websocket/errors.hpp"

#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace parley::websocket {
namespace {

constexpr UpgradeHeaders good{.upgrade = "websocket", .connection = "Upgrade", .version = "13", .key = "dGhlIHNhbXBsZSBub25jZQ=="};
constexpr std::array<std::string_view, 2> known{"parley.v1", "parley.v2"};

UpgradeHeaders with(std::string_view UpgradeHeaders::* header, std::string_view value) {
    auto headers = good;
    headers.*header = value;
    return headers;
}

TEST(Handshake, AcceptKeyIsTheExampleOfTheRfc) { EXPECT_EQ(accept_key(good.key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); }  // section 1.3

TEST(Handshake, AcceptsAnUpgrade) { EXPECT_OK(check_upgrade(good)); }

TEST(Handshake, FindsTheTokenAmongOthersWhateverTheirCaseAndSpaces) {
    for (const auto* value : {"WebSocket", "h2c, websocket", "h2c ,\twebsocket ", ",, ,WEBSOCKET"})
        EXPECT_TRUE(check_upgrade(with(&UpgradeHeaders::upgrade, value)).has_value()) << value;
    for (const auto* value : {"upgrade", "keep-alive, Upgrade", "Upgrade,keep-alive", "\tUPGRADE\t"})
        EXPECT_TRUE(check_upgrade(with(&UpgradeHeaders::connection, value)).has_value()) << value;
}

TEST(Handshake, RejectsWhatIsNoUpgrade) {
    for (const auto* value : {"", "h2c", "web socket", "websocket2", "xwebsocket", "websocket/13", "\"websocket\"", ",", " ", "websocke"})
        EXPECT_ERROR(check_upgrade(with(&UpgradeHeaders::upgrade, value)), errors::not_an_upgrade);
    for (const auto* value : {"", "keep-alive", "close, keep-alive", "upgrades", "upgrade;q=1"})
        EXPECT_ERROR(check_upgrade(with(&UpgradeHeaders::connection, value)), errors::not_an_upgrade);
}

TEST(Handshake, RejectsOtherVersions) {
    for (const auto* value : {"", "0", "8", "12", "14", "013", "13.0", "+13", "13, 8", "13,13", "255"})
        EXPECT_ERROR(check_upgrade(with(&UpgradeHeaders::version, value)), errors::unsupported_version);
}

TEST(Handshake, RejectsAKeyThatIsNotSixteenBytesInCanonicalBase64) {
    const std::initializer_list<std::string_view> broken = {
        "",                             // missing
        "dGhlIHNhbXBsZSBub25j",         // 15 bytes
        "dGhlIHNhbXBsZSBub25jZWU=",     // 17 bytes
        "dGhlIHNhbXBsZSBub25jZQ",       // no padding
        "dGhlIHNhbXBsZSBub25jZR==",     // a stray bit
        "-GhlIHNhbXBsZSBub25jZQ==",     // the URL-safe alphabet
        "_GhlIHNhbXBsZSBub25jZQ==",     // the URL-safe alphabet
        "dGhlIHNhbXBsZSBub25jZQAA",     // 18 bytes
        "dGhlIHNhbXBsZSBub25jZQAA==",   // 19 bytes
        "dGhlIHNhbXBsZSBub25jZ===",     // 126 bits
        "dGhl=HNhbXBsZSBub25jZQ==",     // padding inside
        "dGhl IHNhbXBsZSBub25jQ==",     // a space
        "dGhlIHNhbXBsZSBub25jZQ==, x",  // sent twice
    };
    for (const auto key : broken) EXPECT_ERROR(check_upgrade(with(&UpgradeHeaders::key, key)), errors::invalid_key);
}

TEST(Handshake, AcceptsKeysWithPlusAndSlash) { EXPECT_OK(check_upgrade(with(&UpgradeHeaders::key, "+/+/+/+/+/+/+/+/+/+/+w=="))); }

TEST(Subprotocol, IsEmptyWhenNoneIsOffered) {
    for (const auto* offered : {"", " ", ",", " ,\t, "}) EXPECT_EQ(choose_subprotocol(offered, known).value(), "") << offered;
}

TEST(Subprotocol, IsTheFirstKnownOneOfTheClient) {
    EXPECT_EQ(choose_subprotocol("parley.v1", known).value(), "parley.v1");
    EXPECT_EQ(choose_subprotocol("parley.v2, parley.v1", known).value(), "parley.v2");
    EXPECT_EQ(choose_subprotocol("mqtt ,\tparley.v1 , soap", known).value(), "parley.v1");
}

TEST(Subprotocol, IsNoViewOfTheHeader) {
    const std::string offered = "parley.v1";
    EXPECT_EQ(choose_subprotocol(offered, known).value().data(), known[0].data());
}

TEST(Subprotocol, OnlyUnknownOnesAreRefused) {
    for (const auto* offered : {"mqtt", "mqtt, soap", "PARLEY.V1", "parley.v1;x", "parley.v", "\x80\xff\x01", "parley.v1 parley.v2"})
        EXPECT_ERROR(choose_subprotocol(offered, known), errors::unknown_subprotocol);
    EXPECT_ERROR(choose_subprotocol("parley.v1", {}), errors::unknown_subprotocol);
}

TEST(Subprotocol, LongListsAreReadToTheirEnd) {
    std::string offered;
    for (int i = 0; i < 1000; ++i) offered += "constructor,\t\t,";
    EXPECT_ERROR(choose_subprotocol(offered, known), errors::unknown_subprotocol);
    EXPECT_EQ(choose_subprotocol(offered + "parley.v1", known).value(), "parley.v1");
}

}  // namespace
}  // namespace parley::websocket
