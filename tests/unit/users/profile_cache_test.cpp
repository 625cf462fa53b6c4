// SPDX-License-Identifier: Apache-2.0
#include "users/profile_cache.hpp"

#include "users/announcements.hpp"

#include <gtest/gtest.h>
#include <memory>

namespace parley::users {
namespace {

class ProfileCacheTest : public ::testing::Test {
protected:
    static UserRow row(std::int64_t id, std::string name) { return {.id = UserId{id}, .username = "u", .display_name = std::move(name)}; }
    std::string name_of(std::int64_t id) {
        const auto found = cache.find(UserId{id});
        return found ? found->display_name : "";
    }
    void change(std::int64_t id) {
        storage::Announcements announcements;
        announcements.push_back(std::make_unique<ProfileChanged>(UserId{id}));
        Postbag postbag;
        cache.committed(announcements, postbag);
    }
    void read(std::int64_t id, std::string name) { cache.keep(row(id, std::move(name)), cache.version(UserId{id})); }

    ProfileCache cache;
};

TEST_F(ProfileCacheTest, KnowsWhatWasRead) {
    EXPECT_EQ(name_of(1), "");
    read(1, "Ann");
    EXPECT_EQ(name_of(1), "Ann");
    EXPECT_EQ(name_of(2), "");
}

TEST_F(ProfileCacheTest, AChangedUserIsReadAnew) {
    read(1, "Ann");
    read(2, "Bob");
    change(1);
    EXPECT_EQ(name_of(1), "");
    EXPECT_EQ(name_of(2), "Bob");
    read(1, "Anna");
    EXPECT_EQ(name_of(1), "Anna");
}

TEST_F(ProfileCacheTest, DoesNotKeepWhatWasReadBeforeAChange) {
    const auto version = cache.version(UserId{1});
    change(1);  // committed while the old row was on its way
    cache.keep(row(1, "Ann"), version);
    EXPECT_EQ(name_of(1), "");
}

TEST_F(ProfileCacheTest, ForgetsWhomNobodyAsksForAndIsBounded) {
    constexpr std::int64_t many = 100'000;
    for (std::int64_t id = 1; id <= many; ++id) {
        read(id, "x");
        EXPECT_EQ(name_of(1), "x") << "asked for all the time";
    }
    std::int64_t known = 0;
    for (std::int64_t id = 1; id <= many; ++id) known += static_cast<std::int64_t>(!name_of(id).empty());
    EXPECT_LE(known, 16 * 1024);
    EXPECT_EQ(name_of(2), "");
}

TEST_F(ProfileCacheTest, AnOldGenerationsUserChangesToo) {
    for (std::int64_t id = 16; id <= 16 * 520; id += 16) read(id, "x");  // one stripe, one generation and more
    change(16);
    EXPECT_EQ(name_of(16), "");
}

}  // namespace
}  // namespace parley::users
