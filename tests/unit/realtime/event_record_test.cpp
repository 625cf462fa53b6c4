// SPDX-License-Identifier: Apache-2.0
#include "realtime/event_record.hpp"

#include <gtest/gtest.h>

namespace parley::realtime {
namespace {

TEST(EventIds, HoldThePositionAndTheEpoch) {
    EXPECT_EQ(read_event_id("abc", event_id("abc", 0)), 0);
    EXPECT_EQ(read_event_id("abc", event_id("abc", 9'007'199'254'740'991)), 9'007'199'254'740'991);
}

TEST(EventIds, ThatAreNoneOfOursAreNone) {
    for (const auto* id : {"", ".", "abc", "abc.", "abc.x", "abc.-1", "abc.1x", "abc. 1", "abd.1", "abc.99999999999999999999", "abcc.1"})
        EXPECT_EQ(read_event_id("abc", id), std::nullopt) << id;
}

TEST(EventRecordText, IsALineForEachField) { EXPECT_EQ(event_record("hello", "a.1", "{}"), "event: hello\nid: a.1\ndata: {}\n\n"); }

TEST(EventRecordText, WithoutAnIdLeavesTheClientsPositionAlone) { EXPECT_EQ(event_record("signal", {}, "{}"), "event: signal\ndata: {}\n\n"); }

TEST(EventRecordText, BeginsALineOfDataWithEveryLineEnd) {
    EXPECT_EQ(event_record("a", {}, "1\n2\r\n3\r4\n"), "event: a\ndata: 1\ndata: 2\ndata: 3\ndata: 4\ndata: \n\n");
}

TEST(EventChunks, AreWhatRfc9112Says) {
    EXPECT_EQ(chunk_of("0123456789abcdef")->bytes(), "10\r\n0123456789abcdef\r\n");
    EXPECT_EQ(text_of(*chunk_of("a\r\nb")), "a\r\nb");
    EXPECT_EQ(text_of(*last_chunk()), "");
}

Delivery delivery(Seq seq, std::string_view payload) {
    Delivery made;
    made.seq = made.log_id = seq;
    made.frame = websocket::prepare_text(payload);
    return made;
}

TEST(EventRecordsOfAHub, AreMadeOnceForAllStreams) {
    EventRecords records;
    const auto first = delivery(7, R"({"seq":7})");
    const auto chunk = records.of(first, "e");
    EXPECT_EQ(text_of(*chunk), "event: message.created\nid: e.7\ndata: {\"seq\":7}\n\n");
    EXPECT_EQ(records.of(first, "e"), chunk);
    EXPECT_NE(records.of(delivery(8, "{}"), "e"), chunk);
}

TEST(EventRecordsOfAHub, HoldARunInOneChunk) {
    std::vector run{delivery(1, "{}"), delivery(2, std::string(200, 'x')), delivery(3, std::string(70'000, 'y'))};
    run.front().run = {websocket::prepare_bytes("all"), run.size()};
    EventRecords records;
    const auto chunk = records.of(std::span<const Delivery>{run}, "e");
    std::string all;
    for (const auto& one : run) all += text_of(*EventRecords{}.of(one, "e"));
    EXPECT_EQ(text_of(*chunk), all);
    EXPECT_EQ(records.of(std::span<const Delivery>{run}, "e"), chunk);
}

}  // namespace
}  // namespace parley::realtime
