// SPDX-License-Identifier: Apache-2.0
#include "realtime/parcel_builder.hpp"

#include <gtest/gtest.h>
#include <string>

namespace parley::realtime {
namespace {

using enum chat::EventKind;

chat::EventRecorded event(std::int64_t conversation, Seq seq, chat::EventKind kind = message_created, std::size_t text_bytes = 10) {
    return {seq,
            {.conversation_id = ConversationId{conversation},
             .seq = seq,
             .event = "any",
             .at = {},
             .actor_id = {},
             .data = {R"({"text":")" + std::string(text_bytes, 'x') + "\"}"}},
            kind,
            std::nullopt};
}

std::string bytes_of(const Parcel& parcel, std::size_t first, std::size_t count) {
    std::string bytes;
    for (const auto& delivery : std::span{parcel.deliveries}.subspan(first, count)) bytes += delivery.frame->bytes();
    return bytes;
}

TEST(ParcelBuilder, PutsMessagesThatFollowEachOtherBackToBack) {
    ParcelBuilder builder;
    for (Seq seq = 1; seq <= 3; ++seq) builder.add(event(7, seq));
    const auto parcel = builder.take();
    ASSERT_EQ(parcel.deliveries.size(), 3);
    EXPECT_EQ(parcel.deliveries[0].run.length, 3);
    EXPECT_EQ(parcel.deliveries[0].run.frames->bytes(), bytes_of(parcel, 0, 3));
    EXPECT_EQ(parcel.deliveries[1].run.length, 0) << "only the first one begins a run";
    EXPECT_EQ(parcel.bytes, bytes_of(parcel, 0, 3).size());
    for (const auto& delivery : parcel.deliveries)
        EXPECT_NE(delivery.frame->bytes().find("\"seq\":" + std::to_string(delivery.seq)), std::string::npos);
}

TEST(ParcelBuilder, EndsARunWhereAnotherConversationOrAnotherKindOfEventComes) {
    ParcelBuilder builder;
    builder.add(event(7, 1));
    builder.add(event(7, 2));
    builder.add(event(8, 1));
    builder.add(event(7, 3));
    builder.add(event(7, 4, member_left));
    builder.add(event(7, 5));
    const auto parcel = builder.take();
    std::vector<std::size_t> lengths;
    for (const auto& delivery : parcel.deliveries) lengths.push_back(delivery.run.length);
    EXPECT_EQ(lengths, (std::vector<std::size_t>{2, 0, 0, 0, 0, 0}));
    for (const auto& delivery : parcel.deliveries) EXPECT_TRUE(delivery.frame) << delivery.seq;
}

TEST(ParcelBuilder, CutsLongRuns) {
    ParcelBuilder builder;
    for (Seq seq = 1; seq <= 10; ++seq) builder.add(event(7, seq, message_created, 16'000));
    const auto parcel = builder.take();
    std::size_t in_runs = 0;
    for (const auto& delivery : parcel.deliveries) {
        if (delivery.run.length > 0) EXPECT_LE(delivery.run.frames->bytes().size(), 64 * 1024);
        in_runs += delivery.run.length;
    }
    EXPECT_GE(in_runs, 9) << "the last one may stand alone";
    EXPECT_GT(parcel.deliveries.front().run.length, 1);
}

TEST(ParcelBuilder, OfNothingIsEmpty) { EXPECT_TRUE(ParcelBuilder{}.take().empty()); }

}  // namespace
}  // namespace parley::realtime
