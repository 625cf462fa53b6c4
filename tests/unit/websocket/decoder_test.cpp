// SPDX-License-Identifier: Apache-2.0
#include "websocket/decoder.hpp"

#include "unit/websocket/recorder.hpp"

#include <gtest/gtest.h>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::websocket {
namespace {

using testing::decode_at_once;
using testing::decode_in_pieces;
using testing::Event;
using testing::Outcome;
using testing::Recorder;
using namespace std::string_literals;

constexpr std::uint32_t mask = 0xA1B2C3D4;

std::string frame(Opcode opcode, std::string_view payload, bool fin = true) {
    std::string out;
    append_masked_frame(out, opcode, payload, mask, fin);
    return out;
}
std::string fragment(Opcode opcode, std::string_view payload) { return frame(opcode, payload, false); }
std::string close_frame(int code, std::string_view reason = "") { return frame(Opcode::close, close_payload(static_cast<CloseCode>(code), reason)); }

Event event(Opcode kind, std::string payload) { return {.kind = kind, .payload = std::move(payload), .code = {}}; }
Event text(std::string payload) { return event(Opcode::text, std::move(payload)); }

/// What the stream leads to, whichever way it is cut into pieces.
Outcome decode(const std::string& stream, Limits limits = {}) {
    auto outcome = decode_at_once(stream, limits);
    EXPECT_EQ(decode_in_pieces(stream, limits, [] { return 1U; }), outcome) << "byte by byte";
    std::minstd_rand chance;
    for (int i = 0; i < 20; ++i) EXPECT_EQ(decode_in_pieces(stream, limits, [&] { return 1 + chance() % 7; }), outcome) << "split " << i;
    return outcome;
}

void expect_failure(const std::string& stream, CloseCode code, Limits limits = {}) {
    const auto outcome = decode(stream, limits);
    ASSERT_FALSE(outcome.end.has_value()) << ::testing::PrintToString(stream);
    EXPECT_EQ(outcome.end.error().code, code) << ::testing::PrintToString(stream) << ": " << outcome.end.error().reason;
    EXPECT_TRUE(outcome.events.empty());
}

void expect_events(const std::string& stream, const std::vector<Event>& events, Limits limits = {}) {
    EXPECT_EQ(decode(stream, limits), (Outcome{.events = events, .end = Fed::all})) << ::testing::PrintToString(stream);
}

TEST(Decoder, HandsOnEachKindOfFrame) {
    expect_events(frame(Opcode::text, "hé") + frame(Opcode::binary, "\xff\0"s) + frame(Opcode::ping, "a") + frame(Opcode::pong, "b"),
                  {text("hé"), event(Opcode::binary, "\xff\0"s), event(Opcode::ping, "a"), event(Opcode::pong, "b")});
}

TEST(Decoder, ReadsEveryFormOfLength) {
    for (const std::size_t size : {0U, 1U, 125U, 126U, 65535U, 65536U}) {
        const std::string payload(size, 'x');
        EXPECT_EQ(decode_at_once(frame(Opcode::text, payload), {}), (Outcome{.events = {text(payload)}, .end = Fed::all})) << size;
    }
}

TEST(Decoder, PutsFragmentsTogether) {
    expect_events(fragment(Opcode::text, "a") + fragment(Opcode::continuation, "") + fragment(Opcode::continuation, "b") +
                      frame(Opcode::continuation, "c") + frame(Opcode::text, "d"),
                  {text("abc"), text("d")});
}

TEST(Decoder, ControlFramesMayComeBetweenFragments) {
    expect_events(frame(Opcode::ping, "p0") + fragment(Opcode::text, "abcdefghijklmnopqrstuvwxyz") + frame(Opcode::ping, "p1") +
                      fragment(Opcode::continuation, "") + frame(Opcode::pong, "") + frame(Opcode::continuation, "0123456789"),
                  {event(Opcode::ping, "p0"), event(Opcode::ping, "p1"), event(Opcode::pong, ""), text("abcdefghijklmnopqrstuvwxyz0123456789")});
}

TEST(Decoder, RejectsUnmaskedFrame) {
    for (const auto opcode : {Opcode::text, Opcode::binary, Opcode::close, Opcode::ping, Opcode::pong}) {
        std::string stream;
        append_frame(stream, opcode, "");
        expect_failure(stream, CloseCode::protocol_error);
    }
}

TEST(Decoder, RejectsReservedBits) {
    for (const char bit : {'\x10', '\x20', '\x40'}) {
        auto stream = frame(Opcode::text, "x");
        stream[0] = static_cast<char>(stream[0] | bit);
        expect_failure(stream, CloseCode::protocol_error);
    }
}

TEST(Decoder, RejectsReservedOpcodes) {
    for (const int opcode : {0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF})
        expect_failure(frame(static_cast<Opcode>(opcode), ""), CloseCode::protocol_error);
}

TEST(Decoder, RejectsFragmentedControlFrame) {
    for (const auto opcode : {Opcode::close, Opcode::ping, Opcode::pong}) expect_failure(fragment(opcode, ""), CloseCode::protocol_error);
}

TEST(Decoder, RejectsControlFrameAbove125Bytes) {
    expect_events(frame(Opcode::ping, std::string(125, 'p')), {event(Opcode::ping, std::string(125, 'p'))});
    expect_failure(frame(Opcode::ping, std::string(126, 'p')), CloseCode::protocol_error);
    expect_failure(frame(Opcode::pong, std::string(65536, 'p')), CloseCode::protocol_error);
}

TEST(Decoder, ControlFramesDoNotCountForTheMessageLimit) {
    expect_events(fragment(Opcode::text, "1234") + frame(Opcode::ping, "longer") + frame(Opcode::continuation, ""),
                  {event(Opcode::ping, "longer"), text("1234")}, {.max_message_bytes = 4});
}

TEST(Decoder, RejectsLengthWithTheTopBitSet) { expect_failure("\x82\xff\x80\0\0\0\0\0\0\0"s, CloseCode::protocol_error); }

TEST(Decoder, RejectsHugeLengthBeforeItsPayload) {
    expect_failure("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0"s, CloseCode::too_big);
    expect_failure("\x82\xff\0\0\0\0\0\x01\0\x01\0\0\0\0"s, CloseCode::too_big);  // 64 KiB and a byte
}

TEST(Decoder, RejectsLengthThatIsNotMinimal) {
    expect_failure("\x82\xfe\0\x00\0\0\0\0"s, CloseCode::protocol_error);
    expect_failure("\x82\xfe\0\x7d\0\0\0\0"s, CloseCode::protocol_error);
    expect_failure("\x82\xff\0\0\0\0\0\0\0\x7d\0\0\0\0"s, CloseCode::protocol_error);
    expect_failure("\x82\xff\0\0\0\0\0\0\xff\xff\0\0\0\0"s, CloseCode::protocol_error);
}

TEST(Decoder, RejectsContinuationOfNothing) {
    expect_failure(frame(Opcode::continuation, "x"), CloseCode::protocol_error);
    EXPECT_FALSE(decode(frame(Opcode::text, "whole") + frame(Opcode::continuation, "x")).end.has_value());
    EXPECT_FALSE(decode(fragment(Opcode::text, "a") + frame(Opcode::continuation, "b") + frame(Opcode::continuation, "x")).end.has_value());
}

TEST(Decoder, RejectsNewMessageInsideAFragmentedOne) {
    for (const auto opcode : {Opcode::text, Opcode::binary})
        expect_failure(fragment(Opcode::text, "a") + frame(opcode, "b"), CloseCode::protocol_error);
}

TEST(Decoder, RejectsTooManyFragmentsEmptyOnesToo) {
    for (const auto* payload : {"x", ""}) {
        std::string stream = fragment(Opcode::text, payload);
        for (int i = 0; i < 2; ++i) stream += fragment(Opcode::continuation, payload);
        const auto whole = std::string(payload) + payload + payload + payload;
        expect_events(stream + frame(Opcode::continuation, payload), {text(whole)}, {.max_fragments = 4});
        expect_failure(stream + fragment(Opcode::continuation, payload) + frame(Opcode::continuation, payload), CloseCode::policy_violation,
                       {.max_fragments = 4});
    }
}

TEST(Decoder, HoldsAFloodOfFragmentsToTheDefaultLimit) {
    auto stream = fragment(Opcode::text, "x");
    for (int i = 1; i < 1024; ++i) stream += fragment(Opcode::continuation, "x");
    EXPECT_EQ(decode_at_once(stream, {}).end, Fed::all);
    for (int i = 1024; i < 100'000; ++i) stream += fragment(Opcode::continuation, "x");
    const auto outcome = decode_at_once(stream, {});
    ASSERT_FALSE(outcome.end.has_value());
    EXPECT_EQ(outcome.end.error().code, CloseCode::policy_violation);
}

TEST(Decoder, CountsTheFragmentsOfEachMessageAlone) {
    const auto message = fragment(Opcode::text, "a") + frame(Opcode::continuation, "b");
    expect_events(message + message + message, {text("ab"), text("ab"), text("ab")}, {.max_fragments = 2});
}

TEST(Decoder, RejectsFrameAboveTheMessageLimit) {
    expect_events(frame(Opcode::text, "12345678"), {text("12345678")}, {.max_message_bytes = 8});
    expect_failure(frame(Opcode::text, "123456789"), CloseCode::too_big, {.max_message_bytes = 8});
}

TEST(Decoder, RejectsFragmentsAboveTheMessageLimit) {
    const auto start = fragment(Opcode::binary, "123") + fragment(Opcode::continuation, "456");
    expect_events(start + frame(Opcode::continuation, "78"), {event(Opcode::binary, "12345678")}, {.max_message_bytes = 8});
    expect_failure(start + frame(Opcode::continuation, "789"), CloseCode::too_big, {.max_message_bytes = 8});
}

TEST(Decoder, RejectsTextThatIsNotUtf8) {
    for (const auto* broken : {"\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "ok \xe2\x28\xa1", "ends in \xe2\x82"})
        expect_failure(frame(Opcode::text, broken), CloseCode::invalid_text);
}

TEST(Decoder, RejectsTextThatIsNotUtf8AcrossFragments) {
    expect_failure(fragment(Opcode::text, "\xed") + frame(Opcode::continuation, "\xa0\x80"), CloseCode::invalid_text);
    expect_failure(fragment(Opcode::text, "a\xe2") + fragment(Opcode::continuation, "\x82") + frame(Opcode::continuation, ""),
                   CloseCode::invalid_text);
}

TEST(Decoder, CharactersMayBeCutByFragments) {
    expect_events(fragment(Opcode::text, "\xf0\x9f") + fragment(Opcode::continuation, "\x98") + frame(Opcode::continuation, "\x80"), {text("😀")});
}

TEST(Decoder, TextFailsAtItsFirstImpossibleByte) {
    const auto whole = frame(Opcode::text, "ab\xff" + std::string(60000, 'x'));
    constexpr std::size_t head_bytes = 8;
    EXPECT_TRUE(decode(whole.substr(0, head_bytes + 2)).end.has_value());
    expect_failure(whole.substr(0, head_bytes + 3), CloseCode::invalid_text);
}

TEST(Decoder, BinaryNeedNotBeUtf8) {
    expect_events(frame(Opcode::binary, "\xe2\x82") + frame(Opcode::text, "x"), {event(Opcode::binary, "\xe2\x82"), text("x")});
}

TEST(Decoder, HandsOnTheCloseFrame) {
    const auto closed = [](std::optional<std::uint16_t> code, std::string reason) {
        return Outcome{.events = {{.kind = Opcode::close, .payload = std::move(reason), .code = code}}, .end = Fed::closed};
    };
    EXPECT_EQ(decode(frame(Opcode::close, "")), closed(std::nullopt, ""));
    EXPECT_EQ(decode(close_frame(1000)), closed(1000, ""));
    EXPECT_EQ(decode(close_frame(4999, "bye é")), closed(4999, "bye é"));
    EXPECT_EQ(decode(close_frame(1001, std::string(123, 'r'))), closed(1001, std::string(123, 'r')));
}

TEST(Decoder, RejectsCloseFrameOfOneByte) { expect_failure(frame(Opcode::close, "\x03"), CloseCode::protocol_error); }

TEST(Decoder, RejectsInvalidCloseCode) {
    for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) expect_failure(close_frame(code), CloseCode::protocol_error);
}

TEST(Decoder, RejectsCloseReasonThatIsNotUtf8) {
    expect_failure(close_frame(1000, "\xff"), CloseCode::invalid_text);
    expect_failure(close_frame(1000, "cut \xe2\x82"), CloseCode::invalid_text);
}

TEST(Decoder, ReadsNothingAfterACloseFrame) {
    for (const auto& after : {frame(Opcode::text, "late"), "\xff\xff"s, frame(Opcode::close, "")}) {
        const auto outcome = decode(frame(Opcode::text, "x") + close_frame(1000) + after);
        EXPECT_EQ(outcome.end, Fed::closed);
        EXPECT_EQ(outcome.events.size(), 2U);
    }
}

TEST(Decoder, StopsWhenTheSinkClosesTheSocket) {
    for (const auto opcode : {Opcode::text, Opcode::binary, Opcode::ping, Opcode::pong}) {
        const auto outcome = decode_at_once(frame(opcode, "1") + frame(Opcode::text, "2") + "garbage", {}, 1);
        EXPECT_EQ(outcome, (Outcome{.events = {event(opcode, "1")}, .end = Fed::closed}));
    }
}

TEST(Decoder, ReadsNothingAfterItsEnd) {
    for (const auto& end : {close_frame(1000), "\xff"s}) {
        Decoder decoder;
        Recorder recorder;
        auto stream = end, more = frame(Opcode::text, "more");
        EXPECT_NE(decoder.feed(stream, recorder), Fed::all);
        const auto before = recorder.events;
        EXPECT_EQ(decoder.feed(more, recorder), Fed::closed);
        EXPECT_EQ(recorder.events, before);
        EXPECT_EQ(more, frame(Opcode::text, "more"));
    }
}

TEST(Decoder, WholeMessageIsAViewOfTheFedBytes) {
    Decoder decoder;
    Recorder recorder;
    auto stream = frame(Opcode::ping, "p") + frame(Opcode::text, std::string(1000, 'x'));
    ASSERT_EQ(decoder.feed(stream, recorder), Fed::all);
    EXPECT_EQ(recorder.last_view.data(), stream.data() + stream.size() - 1000);
    EXPECT_EQ(decoder.memory_bytes(), sizeof decoder);
}

TEST(Decoder, IdleDecoderIsSmall) {
    EXPECT_LT(Decoder{}.memory_bytes(), 100U);
    const std::string half(30000, 'x');
    const auto message = fragment(Opcode::text, half) + frame(Opcode::ping, std::string(125, 'p')) + frame(Opcode::continuation, half);
    const auto cut_ping = frame(Opcode::ping, std::string(125, 'p'));
    for (const auto& stream : {message, frame(Opcode::binary, half), cut_ping}) {
        Decoder decoder;
        Recorder recorder;
        for (char byte : stream) ASSERT_EQ(decoder.feed({&byte, 1}, recorder), Fed::all);
        ASSERT_FALSE(recorder.events.empty());
        EXPECT_EQ(decoder.memory_bytes(), sizeof decoder);
    }
}

TEST(Decoder, MemoryFollowsWhatArrivedNotWhatWasDeclared) {
    Decoder decoder;
    Recorder recorder;
    auto start = frame(Opcode::text, std::string(65536, 'x')).substr(0, 1000);
    ASSERT_EQ(decoder.feed(start, recorder), Fed::all);
    EXPECT_LT(decoder.memory_bytes(), 2200U);
}

}  // namespace
}  // namespace parley::websocket
