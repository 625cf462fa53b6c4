// SPDX-License-Identifier: Apache-2.0
#include "websocket/deflate.hpp"

#include "unit/websocket/recorder.hpp"
#include "websocket/prepared_frame.hpp"

#include <gtest/gtest.h>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace parley::websocket {
namespace {

using testing::decode_at_once;
using testing::decode_in_pieces;
using testing::Outcome;

constexpr std::size_t no_limit = std::size_t{1} << 30U;

std::string noise(std::size_t size) {
    std::mt19937 chance;
    std::string bytes(size, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(chance());
    return bytes;
}

TEST(DeflateOffers, AreAcceptedWithoutContextTakeoverBothWays) {
    for (const auto* offer : {
             "permessage-deflate",
             "permessage-deflate; client_max_window_bits",
             "permessage-deflate; client_max_window_bits=10",
             "permessage-deflate ;server_no_context_takeover;  client_no_context_takeover",
             "permessage-deflate; server_max_window_bits=15",
             "permessage-deflate; server_max_window_bits=\"15\"",
             "x-webkit-deflate-frame, permessage-deflate",
             "permessage-deflate; server_max_window_bits=10, permessage-deflate",
             ", ,permessage-deflate,",
         })
        EXPECT_EQ(accept_deflate(offer), "permessage-deflate; server_no_context_takeover; client_no_context_takeover") << offer;
}

TEST(DeflateOffers, AreDeclinedWithAnythingUnknownOrIllOrSmaller) {
    for (const auto* offer : {
             "",
             ",",
             ";",
             "permessage-bzip2",
             "permessage-deflate-x",
             "permessage-deflate; unknown",
             "permessage-deflate; server_no_context_takeover=1",
             "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
             "permessage-deflate; server_max_window_bits",
             "permessage-deflate; server_max_window_bits=8",
             "permessage-deflate; server_max_window_bits=16",
             "permessage-deflate; server_max_window_bits=015",
             "permessage-deflate; client_max_window_bits=7",
             "permessage-deflate; client_max_window_bits=",
             "permessage-deflate; =",
             "permessage-deflate; ;",
             "permessage-deflate; a; b; c; d; e; f",
         })
        EXPECT_EQ(accept_deflate(offer), std::nullopt) << offer;
}

TEST(Deflate, ComesBackAsItWas) {
    for (const std::size_t size : {0U, 1U, 127U, 16'384U, 100'000U}) {
        for (const auto& message : {std::string(size, 'a'), noise(size)}) EXPECT_EQ(inflate(deflate(message), no_limit), message) << size;
    }
}

TEST(Deflate, ReadsTheExamplesOfRfc7692) {
    using namespace std::string_literals;
    EXPECT_EQ(inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s, 5), "Hello");                          // section 7.2.3.1
    EXPECT_EQ(inflate("\x00\x05\x00\xfa\xffHello\x00"s, 5), "Hello");                         // section 7.2.3.3: a block that is not compressed
    EXPECT_EQ(inflate("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s, 5), "Hello");                      // section 7.2.3.4: the last block
    EXPECT_EQ(inflate("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s, 5), "Hello");  // section 7.2.3.5: two blocks
}

TEST(Deflate, HoldsNoMoreThanTheLimit) {
    const auto bomb = deflate(std::string(50'000'000, '\0'));
    ASSERT_LT(bomb.size(), 64U * 1024);
    EXPECT_EQ(inflate(bomb, 65'536).error().code, CloseCode::too_big);
    EXPECT_EQ(inflate(deflate(std::string(100, 'a')), 100), std::string(100, 'a'));
    EXPECT_EQ(inflate(deflate(std::string(101, 'a')), 100).error().code, CloseCode::too_big);
}

TEST(Deflate, ThatIsNoneIsAnError) {
    EXPECT_EQ(inflate("\xff\xff\xff\xff", no_limit).error().code, CloseCode::invalid_text);
    EXPECT_EQ(inflate(noise(1000), no_limit).has_value(), false);
    EXPECT_EQ(inflate(deflate("after this one all goes on"), no_limit), "after this one all goes on");
}

std::string client_frame(Opcode opcode, std::string_view payload, bool fin, bool compressed) {
    std::string bytes;
    append_masked_frame(bytes, opcode, payload, 0xA1B2C3D4, fin);
    if (compressed) bytes[0] = static_cast<char>(bytes[0] | 0x40);
    return bytes;
}
Outcome decode(const std::string& stream, Limits limits = {}) {
    auto outcome = decode_at_once(stream, limits, SIZE_MAX, true);
    EXPECT_EQ(decode_in_pieces(stream, limits, [] { return 1U; }, SIZE_MAX, true), outcome) << "byte by byte";
    return outcome;
}
CloseCode failure_of(const Outcome& outcome) { return outcome.end ? CloseCode::normal : outcome.end.error().code; }

TEST(CompressedMessages, AreOpenedWholeAndInFragmentsWithAPingBetween) {
    const auto payload = deflate("Hällo, hällo, hällo");
    const auto whole = decode(client_frame(Opcode::text, payload, true, true) + client_frame(Opcode::text, "plain", true, false));
    ASSERT_EQ(whole.events.size(), 2U);
    EXPECT_EQ(whole.events[0].payload, "Hällo, hällo, hällo");
    EXPECT_EQ(whole.events[1].payload, "plain");
    const auto cut = decode(client_frame(Opcode::text, payload.substr(0, 4), false, true) + client_frame(Opcode::ping, "here", true, false) +
                            client_frame(Opcode::continuation, payload.substr(4), true, false));
    ASSERT_EQ(cut.events.size(), 2U);
    EXPECT_EQ(cut.events[0].kind, Opcode::ping);
    EXPECT_EQ(cut.events[1].payload, "Hällo, hällo, hällo");
}

TEST(CompressedMessages, KeepTheRulesOfTheirBit) {
    EXPECT_EQ(failure_of(decode(client_frame(Opcode::ping, "", true, true))), CloseCode::protocol_error);
    const auto payload = deflate("Hello");
    EXPECT_EQ(failure_of(decode(client_frame(Opcode::text, payload, false, true) + client_frame(Opcode::continuation, "", true, true))),
              CloseCode::protocol_error);
    EXPECT_EQ(failure_of(decode_at_once(client_frame(Opcode::text, payload, true, true), {})), CloseCode::protocol_error)
        << "nothing was agreed upon";
}

TEST(CompressedMessages, KeepTheLimitsOfOthers) {
    const Limits limits{.max_message_bytes = 1000};
    EXPECT_EQ(failure_of(decode(client_frame(Opcode::text, deflate(std::string(1001, 'a')), true, true), limits)), CloseCode::too_big);
    EXPECT_EQ(failure_of(decode(client_frame(Opcode::text, deflate(std::string(1000, 'a')), true, true), limits)), CloseCode::normal);
    EXPECT_EQ(failure_of(decode(client_frame(Opcode::text, deflate("\xff"), true, true))), CloseCode::invalid_text);
    EXPECT_EQ(failure_of(decode(client_frame(Opcode::text, "\xff\xff\xff", true, true))), CloseCode::invalid_text);
}

TEST(PreparedFrames, AreCompressedOnceForAllSocketsOnAllThreads) {
    const auto frame = prepare_text(std::string(10'000, 'a'));
    std::vector<FramePtr> got(8);
    {
        std::vector<std::jthread> threads;
        for (auto& one : got) threads.emplace_back([&] { one = frame->compressed(); });
    }
    for (const auto& one : got) EXPECT_EQ(one, got.front());
    EXPECT_LT(got.front()->bytes().size(), 200U);
    EXPECT_EQ(static_cast<unsigned char>(got.front()->bytes()[0]), 0xC1);
    EXPECT_EQ(inflate(payload_of(*got.front()), no_limit), std::string(10'000, 'a'));
}

TEST(PreparedFrames, StayAsTheyAreWhereCompressionGainsNothing) {
    const auto small = prepare_text("{}"), random = prepare_text(noise(1000)), ping = prepare(Opcode::ping, std::string(125, 'a'));
    EXPECT_EQ(small->compressed(), small);
    EXPECT_EQ(random->compressed(), random);
    EXPECT_EQ(random->compressed(), random) << "and that is remembered";
    EXPECT_EQ(ping->compressed(), ping);
}

}  // namespace
}  // namespace parley::websocket
