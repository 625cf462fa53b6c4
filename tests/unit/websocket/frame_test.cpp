// SPDX-License-Identifier: Apache-2.0
#include "websocket/frame.hpp"

#include "core/utf8.hpp"

#include <gtest/gtest.h>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::websocket {
namespace {

using namespace std::string_literals;

std::string frame(Opcode opcode, std::string_view payload) {
    std::string out;
    append_frame(out, opcode, payload);
    return out;
}

// The examples of RFC 6455 section 5.7.

TEST(Frame, UnmaskedTextIsTheExampleOfTheRfc) { EXPECT_EQ(frame(Opcode::text, "Hello"), "\x81\x05Hello"); }

TEST(Frame, MaskedTextIsTheExampleOfTheRfc) {
    std::string out;
    append_masked_frame(out, Opcode::text, "Hello", 0x37fa213d);
    EXPECT_EQ(out, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
}

TEST(Frame, FragmentsAreTheExampleOfTheRfc) {
    std::string out;
    append_masked_frame(out, Opcode::text, "Hel", 0, false);
    append_masked_frame(out, Opcode::continuation, "lo", 0);
    EXPECT_EQ(out, "\x01\x83\0\0\0\0Hel\x80\x82\0\0\0\0lo"s);
}

TEST(Frame, LengthTakesTheFewestBytes) {
    const std::vector<std::pair<std::size_t, std::string>> heads{
        {0, "\x82\x00"s}, {125, "\x82\x7d"s}, {126, "\x82\x7e\0\x7e"s}, {65535, "\x82\x7e\xff\xff"s}, {65536, "\x82\x7f\0\0\0\0\0\x01\0\0"s},
    };
    for (const auto& [size, head] : heads) EXPECT_EQ(frame(Opcode::binary, std::string(size, 'x')), head + std::string(size, 'x')) << size;
}

TEST(Frame, IsAppendedToWhatIsThere) {
    std::string out = "kept";
    append_frame(out, Opcode::ping, "p");
    EXPECT_EQ(out, "kept\x89\x01p");
}

TEST(Frame, UnmaskingAgreesWithTheDefinitionForEverySizeAndPhase) {
    constexpr std::uint32_t mask = 0x01A2B3C4;
    constexpr std::string_view key = "\x01\xA2\xB3\xC4";
    const std::string plain = "The quick brown fox jumps over the lazy dog.";
    for (std::size_t size = 0; size <= plain.size(); ++size) {
        for (std::size_t phase = 0; phase < 9; ++phase) {
            std::string expected = plain.substr(0, size);
            for (std::size_t i = 0; i < size; ++i) expected[i] = static_cast<char>(expected[i] ^ key[(phase + i) % 4]);  // section 5.3
            std::string actual = plain;
            unmask(actual.data(), size, mask, phase);
            EXPECT_EQ(actual, expected + plain.substr(size)) << size << ' ' << phase;
        }
    }
}

TEST(CloseCodes, OnlyThoseForTheWireAreValid) {
    for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
        EXPECT_TRUE(is_valid_close_code(static_cast<std::uint16_t>(code))) << code;
    for (const int code : {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
        EXPECT_FALSE(is_valid_close_code(static_cast<std::uint16_t>(code))) << code;
}

TEST(ClosePayload, HoldsTheCodeAndTheReason) {
    EXPECT_EQ(close_payload(CloseCode::normal, ""), "\x03\xe8");
    EXPECT_EQ(close_payload(CloseCode::not_signed_in, "bye"),
              "\x0f\xa1"
              "bye");
}

TEST(ClosePayload, LongReasonIsCutBetweenCharacters) {
    EXPECT_EQ(close_payload(CloseCode::restart, std::string(123, 'r')).size(), max_control_bytes);
    EXPECT_EQ(close_payload(CloseCode::restart, std::string(124, 'r')).size(), max_control_bytes);
    for (const std::string character : {"é", "€", "😀"}) {
        for (std::size_t before = 0; before < 4; ++before) {
            std::string reason(before, 'x');
            while (reason.size() <= 2 * max_reason_bytes) reason += character;
            const auto kept = close_payload(CloseCode::restart, reason).substr(2);
            EXPECT_TRUE(is_utf8(kept)) << kept;
            EXPECT_TRUE(reason.starts_with(kept));
            EXPECT_GT(kept.size() + character.size(), max_reason_bytes);
        }
    }
}

}  // namespace
}  // namespace parley::websocket
