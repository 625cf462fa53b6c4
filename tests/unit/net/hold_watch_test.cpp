// SPDX-License-Identifier: Apache-2.0
#include "core/clock.hpp"
#include "net/shard.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <chrono>
#include <functional>
#include <future>

namespace parley::net {
namespace {

using namespace std::chrono_literals;

/// A shard that tells of the turns that hold it.
class HoldWatchTest : public ::testing::Test {
protected:
    void SetUp() override {
        shard.on_held([this](const Held& held) { told.set_value(held); });
        shard.start();
    }
    void run(std::function<void()> body) {
        std::promise<void> done;
        shard.run_soon([&] {
            body();
            done.set_value();
        });
        done.get_future().wait();
    }

    SystemClock clock;
    std::promise<Held> told;
    Shard shard{3, clock};
};

TEST_F(HoldWatchTest, ReportsATurnThatWaits) {
    run([this] {
        shard.at("a read of the disk");
        ::poll(nullptr, 0, 120);  // a wait, which must never be on a shard
    });
    auto report = told.get_future();
    ASSERT_EQ(report.wait_for(10s), std::future_status::ready);
    const auto held = report.get();
    EXPECT_EQ(held.shard, 3U);
    EXPECT_EQ(held.what, "a read of the disk");
    EXPECT_GE(held.took, 50ms);
}

TEST_F(HoldWatchTest, ReportsATurnThatComputes) {
    run([this] {
        const auto end = clock.steady() + 2s;  // of which a busy machine may give others a part
        while (clock.steady() < end) {
        }
    });
    EXPECT_EQ(told.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(HoldWatchTest, SaysNothingOfShortTurns) {
    for (int i = 0; i < 100; ++i) run([] {});
    shard.stop();
    EXPECT_EQ(told.get_future().wait_for(0s), std::future_status::timeout);
}

}  // namespace
}  // namespace parley::net
