// SPDX-License-Identifier: Apache-2.0
#include "jobs/store.hpp"

#include "storage/schema.hpp"
#include "storage/sqlite/database.hpp"
#include "support/expect.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>

namespace parley::jobs {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class JobStoreTest : public ::testing::Test {
protected:
    template <class F>
    auto write(F function) {
        return db->write_now([&](storage::Transaction& tx) -> Result<std::invoke_result_t<F&, storage::Transaction&>> { return function(tx); })
            .value();
    }
    std::optional<Job> take() {
        return write([&](storage::Transaction& tx) { return take_due(tx, clock.now(), clock.now() + minutes{5}); });
    }
    void ask() {
        write([&](storage::Transaction& tx) { return enqueue(tx, "collect", "", clock.now(), "collect"), 0; });
    }
    void end(const Job& job) {
        write([&](storage::Transaction& tx) { return finish(tx, job.id), 0; });
    }
    std::int64_t waiting() {
        return db->read_now([](storage::Connection& on) -> Result<std::int64_t> { return count_waiting(on); }).value();
    }

    testing::TemporaryFolder folder;
    testing::ManualClock clock;
    std::unique_ptr<storage::Database> db =
        storage::sqlite::open({.path = (folder.path() / "test.db").string()}, embedded::migrations(), clock).value();
};

TEST_F(JobStoreTest, JobIsTakenOnceAndIsGoneWhenFinished) {
    ask();
    const auto job = take();
    ASSERT_TRUE(job);
    EXPECT_EQ(job->kind, "collect");
    EXPECT_FALSE(take()) << "leased";
    end(*job);
    EXPECT_EQ(waiting(), 0);
}

TEST_F(JobStoreTest, OneThatWaitsIsEnough) {
    ask();
    ask();
    EXPECT_EQ(waiting(), 1);
}

TEST_F(JobStoreTest, AskedForWhileItRunsItRunsOnceMore) {
    ask();
    const auto first = take();
    ASSERT_TRUE(first);
    ask();
    end(*first);
    const auto second = take();
    ASSERT_TRUE(second) << "the run may have looked before there was something to do";
    end(*second);
    EXPECT_EQ(waiting(), 0);
}

TEST_F(JobStoreTest, JobOfADeadWorkerIsTakenWhenItsLeaseHasRunOut) {
    ask();
    ASSERT_TRUE(take());
    clock.advance(minutes{5} + seconds{1});
    const auto again = take();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->attempts, 2);
}

TEST_F(JobStoreTest, JobOfADeadWorkerIsDueAtOnceWhenLeasesAreReleased) {
    ask();
    ASSERT_TRUE(take());
    write([](storage::Transaction& tx) { return release_leases(tx), 0; });
    EXPECT_TRUE(take());
}

TEST_F(JobStoreTest, OnlyFailedAttemptsCount) {
    ask();
    auto job = take();
    write([&](storage::Transaction& tx) { return put_back(tx, job->id, clock.now(), ""), 0; });
    job = take();
    ASSERT_TRUE(job);
    EXPECT_EQ(job->attempts, 1);
    write([&](storage::Transaction& tx) { return put_back(tx, job->id, clock.now(), "no luck"), 0; });
    EXPECT_EQ(take()->attempts, 2);
}

TEST_F(JobStoreTest, RecurringRunIsClaimedOncePerInterval) {
    const auto claim = [&] { return write([&](storage::Transaction& tx) { return claim_run(tx, "expire", clock.now(), minutes{1}); }); };
    EXPECT_TRUE(claim());
    EXPECT_FALSE(claim());
    clock.advance(minutes{1});
    EXPECT_TRUE(claim());
    clock.jump(-minutes{60LL * 24 * 365});
    EXPECT_TRUE(claim()) << "a clock that was set back does not stop the job for a year";
}

}  // namespace
}  // namespace parley::jobs
