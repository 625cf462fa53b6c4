// SPDX-License-Identifier: Apache-2.0
#include "auth/password_hash.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <stdexcept>
#include <string>

namespace parley::auth {
namespace {

constexpr Argon2Params cheap{.memory_kib = 64, .passes = 1, .lanes = 1};

std::string hash(std::string_view password, const Argon2Params& params = cheap, std::string_view salt = "sixteen bytes ok") {
    return hash_password(password, std::as_bytes(std::span{salt}), params);
}

// The reference implementation's own vectors: phc-winner-argon2, src/test.c, "Argon2id", version 19.
TEST(PasswordHash, AgreesWithTheReferenceVectors) {
    EXPECT_EQ(hash("password", {.memory_kib = 65536, .passes = 2}, "somesalt"),
              "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
    EXPECT_EQ(hash("password", {.memory_kib = 256, .passes = 2}, "somesalt"),
              "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
    EXPECT_EQ(hash("password", {.memory_kib = 256, .passes = 2, .lanes = 2}, "somesalt"),
              "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc");
    EXPECT_EQ(hash("differentpassword", {.memory_kib = 65536, .passes = 2}, "somesalt"),
              "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94");
}

TEST(PasswordHash, DefaultIsWhatTrustAsksFor) { EXPECT_TRUE(dummy_hash().starts_with("$argon2id$v=19$m=47104,t=1,p=1$")); }

TEST(PasswordHash, OnlyTheRightPasswordVerifies) {
    const auto encoded = hash("correct horse");
    EXPECT_TRUE(verify_password(encoded, "correct horse"));
    EXPECT_FALSE(verify_password(encoded, "correct horsE"));
    EXPECT_FALSE(verify_password(encoded, "correct horse "));
    EXPECT_FALSE(verify_password(encoded, ""));
}

TEST(PasswordHash, NothingOfThePasswordIsCutOff) {
    const std::string with_zero{"before\0after", 12};
    EXPECT_FALSE(verify_password(hash(with_zero), "before"));
    EXPECT_TRUE(verify_password(hash(with_zero), with_zero));
    const std::string password(1024, 'x');
    EXPECT_FALSE(verify_password(hash(password), password.substr(1)));
}

TEST(PasswordHash, SaltChangesTheHash) { EXPECT_NE(hash("same", cheap, "sixteen bytes ok"), hash("same", cheap, "sixteen bytes no")); }

TEST(PasswordHash, WhatIsNoEncodingVerifiesNothing) {
    const auto good = hash("password");
    for (const std::string& bad :
         {std::string{}, std::string{"password"}, std::string{"$argon2id$"}, std::string{"$argon2id$v=19$m=64,t=1,p=1$"},
          std::string{"$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
          std::string{"$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
          good.substr(0, good.size() - 1), good + "A", good + std::string(1, '\0'), good + "$", " " + good, std::string(100'000, '$')}) {
        EXPECT_FALSE(verify_password(bad, "password")) << bad.substr(0, 100);
    }
}

TEST(PasswordHash, EncodingsThatAskForTooMuchAreRefusedAtOnce) {
    const auto begin = std::chrono::steady_clock::now();
    for (const auto* cost : {"m=1048577,t=1,p=1", "m=4294967295,t=1,p=1", "m=64,t=17,p=1", "m=64,t=4294967295,p=1", "m=1048576,t=1,p=17",
                             "m=99999999999,t=1,p=1", "m=-1,t=1,p=1", "m=64,t=0,p=1", "m=0,t=1,p=1", "m=64,t=1,p=0"}) {
        const auto encoded = std::string{"$argon2id$v=19$"} + cost + "$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        EXPECT_FALSE(verify_password(encoded, "password")) << cost;
        EXPECT_TRUE(needs_rehash(encoded, cheap)) << cost;
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds{100});
}

TEST(PasswordHash, OtherParametersAskForANewHash) {
    EXPECT_FALSE(needs_rehash(hash("password"), cheap));
    EXPECT_TRUE(needs_rehash(hash("password"), Argon2Params{}));
    EXPECT_TRUE(needs_rehash(hash("password", cheap, "somesalt"), cheap)) << "a salt of another length";
    EXPECT_TRUE(needs_rehash("garbage", cheap));
}

TEST(PasswordHash, UnknownParametersAreTheCallersMistake) {
    EXPECT_THROW(hash("password", {.memory_kib = 1}), std::invalid_argument);
    EXPECT_THROW(hash("password", cheap, "short"), std::invalid_argument);
}

TEST(PasswordHash, DummyCostsWhatARealHashCostsAndIsNobodys) {
    const auto dummy = dummy_hash(cheap);
    EXPECT_FALSE(needs_rehash(dummy, cheap));
    EXPECT_EQ(dummy.size(), hash("password").size());
    EXPECT_FALSE(verify_password(dummy, ""));
    EXPECT_FALSE(verify_password(dummy, "password"));
    // That it is computed and not refused as malformed, shows in the time: a hash of 64 MiB cannot be done in a millisecond.
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(verify_password(dummy_hash({.memory_kib = 65536}), "password"));
    EXPECT_GT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds{1});
}

}  // namespace
}  // namespace parley::auth
