// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/database.hpp"

#include "storage/migrations.hpp"

#include "support/expect.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <tuple>

namespace parley::storage {
namespace {

class MigrationsTest : public ::testing::Test {
protected:
    static constexpr std::array good{EmbeddedFile{"0001_create_things.sql", "CREATE TABLE things (id BIGINT)"}};

    auto open(std::span<const EmbeddedFile> migrations) { return sqlite::open({.path = (folder.path() / "test.db").string()}, migrations, clock); }
    void open_and_close() {
        const auto opened = open(good);
        ASSERT_OK(opened);
    }

    testing::TemporaryFolder folder;
    SystemClock clock;
};

TEST_F(MigrationsTest, AChangedOneIsRefused) {
    open_and_close();
    static constexpr std::array changed{EmbeddedFile{"0001_create_things.sql", "CREATE TABLE others (id BIGINT)"}};
    const auto opened = open(changed);
    EXPECT_ERROR(opened, errors::migration_changed);
}

TEST_F(MigrationsTest, ADatabaseOfANewerVersionIsRefused) {
    open_and_close();
    static constexpr std::array older{EmbeddedFile{"0000_nothing.sql", "SELECT 1"}};
    const auto opened = open(older);
    EXPECT_ERROR(opened, errors::newer_schema);
}

TEST_F(MigrationsTest, AFailedOneLeavesTheDatabaseAsItWas) {
    static constexpr std::array broken{EmbeddedFile{"0001_create_things.sql", "CREATE TABLE things (id BIGINT); CREATE TABLE things (id BIGINT)"}};
    EXPECT_THROW(std::ignore = open(broken), DatabaseError);
    const auto opened = open(good);
    ASSERT_OK(opened);
    const auto count =
        (*opened)->read_now([](Connection& on) -> Result<std::int64_t> { return *on.row<std::int64_t>("SELECT count(*) FROM things"); });
    EXPECT_EQ(count.value_or(-1), 0);
}

}  // namespace
}  // namespace parley::storage
