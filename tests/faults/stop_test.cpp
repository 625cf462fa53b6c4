// SPDX-License-Identifier: Apache-2.0
#include "faults/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <csignal>
#include <fstream>
#include <iterator>
#include <random>

namespace parley::faults {
namespace {

constexpr std::chrono::seconds drain{5};  // server.drain, in server_options

TEST(Stop, UnderLoadLosesNothingAndEndsInTime) {
    faults::Run run{seed_of_run()};
    run.begin();
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(run.stage().wait_for_acknowledgements(150, testing::patience));
        run.stage().doom();
        const auto asked = testing::moment();
        run.server().signal(SIGTERM);
        EXPECT_EQ(run.server().wait_for_exit(testing::patience), 0);
        EXPECT_LT(testing::moment() - asked, drain);
        run.stage().close();
        run.start_again();
    }
    const auto history = run.end();
    EXPECT_FALSE(history.sends.empty());
    expect_no_anomalies(history);
}

TEST(Start, OnAFolderThatIsInUseEndsWithFourAndLeavesTheOtherAlone) {
    const testing::TemporaryFolder folder;
    testing::ServerProcess first{server_options(folder.path())};
    first.start();
    auto second_options = server_options(folder.path());
    second_options.log = folder.path() / "second log";
    {
        testing::ServerProcess second{second_options};
        second.launch();
        EXPECT_EQ(second.wait_for_exit(testing::patience), 4);
    }
    EXPECT_EQ(testing::HttpClient{first.address()}.request("GET", "/readyz").status, 200);
    EXPECT_NO_THROW(testing::ApiClient::sign_up(first.address(), "ann"));
}

TEST(Start, SucceedsAfterTheFirstOneWasKilledAtAnyMoment) {
    std::mt19937_64 chance{seed_of_run()};
    for (int i = 0; i < 8; ++i) {
        const testing::TemporaryFolder folder;
        testing::ServerProcess server{server_options(folder.path())};
        server.launch();
        EXPECT_EQ(server.wait_for_exit(std::chrono::milliseconds{chance() % 60}), std::nullopt);
        server.kill();
        server.start();
        EXPECT_NO_THROW(testing::ApiClient::sign_up(server.address(), "ann"));
        server.signal(SIGTERM);
        EXPECT_EQ(server.wait_for_exit(testing::patience), 0);
    }
}

TEST(AFullDisk, StopsAcknowledgementsAndLosesNoneOfThem) {
    constexpr std::uint64_t largest_file_bytes = 1'500'000;
    faults::Run run{seed_of_run(), largest_file_bytes};
    run.begin();
    run.stage().doom();  // from here on changes are refused, and clients say so
    const auto ready = [&] { return testing::HttpClient{run.server().address()}.request("GET", "/readyz").status; };
    EXPECT_TRUE(testing::eventually([&] { return ready() == 503; }));
    EXPECT_FALSE(run.stage().wait_for_acknowledgements(20, std::chrono::milliseconds{500}));
    EXPECT_EQ(run.try_read(), 200);
    EXPECT_THAT(run.try_send(), ::testing::AnyOf(503, 507));
    run.server().kill();
    run.stage().close();
    run.start_again();
    EXPECT_TRUE(run.stage().wait_for_acknowledgements(100, testing::patience));
    expect_no_anomalies(run.end());
}

TEST(Reload, TheLogsLevelChangesWhileTheServerRuns) {
    const testing::TemporaryFolder folder;
    const auto level = folder.path() / "level";
    std::ofstream{level} << "warning\n";
    auto options = server_options(folder.path());
    options.settings.emplace_back("PARLEY_LOG_LEVEL", "");
    options.settings.emplace_back("PARLEY_LOG_LEVEL_FILE", level.string());
    testing::ServerProcess server{options};
    server.start();
    const auto log = [&] {
        std::ifstream file{options.log};
        return std::string{std::istreambuf_iterator<char>{file}, {}};
    };
    EXPECT_FALSE(log().contains("request"));
    std::ofstream{level} << "info\n";
    server.signal(SIGHUP);
    EXPECT_TRUE(testing::eventually([&] { return log().contains("the configuration was read again"); }));
    testing::HttpClient{server.address()}.request("GET", "/readyz");
    EXPECT_TRUE(testing::eventually([&] { return log().contains("/readyz"); }));
    std::ofstream{level} << "nonsense\n";
    server.signal(SIGHUP);
    EXPECT_TRUE(testing::eventually([&] { return log().contains("nothing changes"); }));
    EXPECT_EQ(testing::HttpClient{server.address()}.request("GET", "/readyz").status, 200) << "what is refused ends nothing";
}

}  // namespace
}  // namespace parley::faults
