// SPDX-License-Identifier: Apache-2.0
#include "auth/refresh_token.hpp"

#include "core/sha256.hpp"

#include "support/fakes.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>

namespace parley::auth {
namespace {

TEST(RefreshToken, IsNeverTheSameTwice) {
    SystemRandom random;
    std::set<std::string> tokens;
    for (int i = 0; i < 1000; ++i) tokens.insert(make_refresh_token(random));
    EXPECT_EQ(tokens.size(), 1000U);
}

TEST(RefreshToken, HashIsSha256OfItsText) {
    testing::SeededRandom random;
    const auto token = make_refresh_token(random);
    EXPECT_EQ(token.size(), 43U);
    EXPECT_EQ(refresh_token_hash(token), sha256_hex(token));
}

TEST(RefreshToken, WhatIsNotSpelledLikeOneHasNoHash) {
    testing::SeededRandom random;
    const auto token = make_refresh_token(random);
    const std::string last_bits = token.substr(0, 42) + "B";  // the two bits beyond the 256th are set
    for (const std::string& bad :
         {std::string{}, token.substr(1), token + "A", token + "=", " " + token.substr(1), "+" + token.substr(1), "/" + token.substr(1), last_bits,
          std::string(1 << 20, 'A'), "eyJhbGciOiJFZERTQSJ9.e30.AAAA" + std::string(14, 'A')})
        EXPECT_EQ(refresh_token_hash(bad), std::nullopt) << bad.substr(0, 60);
}

}  // namespace
}  // namespace parley::auth
