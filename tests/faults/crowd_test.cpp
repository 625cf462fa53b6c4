// SPDX-License-Identifier: Apache-2.0
#include "faults/killing.hpp"
#include "faults/run.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <csignal>
#include <iostream>
#include <random>

/// Twenty who write and two hundred sockets that read, and what may happen to them.
namespace parley::faults {
namespace {

void report(const char* faults, int times, const History& history) {
    const auto acknowledged = std::ranges::count_if(history.sends, [](const Send& send) { return send.outcome == Outcome::ok; });
    std::size_t events = 0;
    for (const auto& stream : history.streams) events += stream.events.size();
    std::cout << faults << ": " << times << "; sends acknowledged " << acknowledged << " of " << history.sends.size() << "; events received "
              << events << " in " << history.streams.size() << " streams; resumes " << history.resumes.size() << "; arrivals "
              << history.arrivals.size() << "; sightings " << history.sightings.size() << '\n';
}

/// Lets the load run for so long. The server has to stay.
void let_run(faults::Run& run, std::chrono::milliseconds time) { EXPECT_EQ(run.server().wait_for_exit(time), std::nullopt); }

/// Long enough for somebody to be away for longer than what was on its way may take.
TEST(Crowd, IsToldNothingOfWhatItHasLeft) {
    faults::Run run{seed_of_run(), Load{}};
    run.begin();
    let_run(run, std::chrono::seconds{7});
    const auto history = run.end();
    report("quiet runs", 1, history);
    expect_no_anomalies(history);
    EXPECT_FALSE(history.sightings.empty());
}

TEST(Crowd, LosesNothingWhenTheServerIsKilled) {
    const auto seed = seed_of_run();
    faults::Run run{seed, crowd};
    run.begin();
    let_run(run, std::chrono::seconds{2});
    Killing killing{run.server(), run.stage(), seed};
    const int kills = is_long_run() ? 200 : 6;
    while (killing.kills() < kills) killing.kill_once();
    let_run(run, std::chrono::milliseconds{3500});
    const auto history = run.end();
    report("kills", killing.kills(), history);
    expect_no_anomalies(history);
    EXPECT_TRUE(killing.surprises().empty());
    EXPECT_FALSE(history.resumes.empty());
}

TEST(Crowd, LosesNothingWhenTheServerStandsStill) {
    const int stops = is_long_run() ? 6 : 1;
    const auto still = is_long_run() ? std::chrono::seconds{30} : std::chrono::seconds{3};
    faults::Run run{seed_of_run(), crowd};
    run.begin();
    for (int i = 0; i < stops; ++i) {
        let_run(run, std::chrono::seconds{1});
        run.stage().begin_trouble();
        run.server().signal(SIGSTOP);
        let_run(run, still);
        run.server().signal(SIGCONT);
        run.stage().end_trouble();
        EXPECT_TRUE(run.stage().wait_for_acknowledgements(50, std::chrono::seconds{5}));
    }
    const auto history = run.end();
    report("stops", stops, history);
    expect_no_anomalies(history);
}

/// One fault of the network for a while.
void harm(testing::TcpProxy& proxy, std::uint64_t what) {
    switch (what % 4) {
        case 0: proxy.cut(); break;
        case 1: proxy.delay(std::chrono::milliseconds{150}); break;
        case 2: proxy.stop_to_server(); break;
        default: proxy.stop_to_clients(); break;
    }
}

TEST(Crowd, LosesNothingInABadNetwork) {
    const auto seed = seed_of_run();
    std::mt19937_64 chance{seed};
    auto load = crowd;
    load.through_proxy = true;
    faults::Run run{seed, load};
    run.begin();
    let_run(run, std::chrono::seconds{1});
    const std::uint64_t faults = is_long_run() ? 120 : 8;
    for (std::uint64_t i = 0; i < faults; ++i) {
        run.stage().begin_trouble();
        harm(run.proxy(), i);
        let_run(run, std::chrono::milliseconds{200 + chance() % 800});
        run.proxy().heal();
        run.stage().end_trouble();
        EXPECT_TRUE(run.stage().wait_for_acknowledgements(20, std::chrono::seconds{5}));
    }
    const auto history = run.end();
    report("faults of the network", static_cast<int>(faults), history);
    expect_no_anomalies(history);
}

}  // namespace
}  // namespace parley::faults
