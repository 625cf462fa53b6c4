// SPDX-License-Identifier: Apache-2.0
#include "auth/signing_key.hpp"

#include "core/encoding.hpp"

#include "support/fakes.hpp"

#include <gtest/gtest.h>
#include <array>
#include <string>

namespace parley::auth {
namespace {

/// Gives the bytes it was told to, then zeros.
class GivenRandom final : public Random {
public:
    explicit GivenRandom(std::string bytes) : bytes_(std::move(bytes)) {}
    void fill(std::span<std::byte> out) override {
        for (auto& byte : out) {
            byte = at_ < bytes_.size() ? static_cast<std::byte>(bytes_[at_]) : std::byte{};
            ++at_;
        }
    }

private:
    std::string bytes_;
    std::size_t at_ = 0;
};

std::string hex(std::string_view bytes) { return hex_encode(std::as_bytes(std::span{bytes})); }

std::string from_hex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) bytes += static_cast<char>(std::stoi(std::string{text.substr(i, 2)}, nullptr, 16));
    return bytes;
}

SigningKey some_key() {
    testing::SeededRandom random;
    return SigningKey::make(testing::ManualClock{}.now(), random);
}

// RFC 8032 section 7.1, test 2.
TEST(SigningKey, AgreesWithRfc8032) {
    GivenRandom random{from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")};
    const auto key = SigningKey::make({}, random);
    EXPECT_EQ(hex(key.public_key()), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    EXPECT_EQ(hex(key.sign("\x72")),
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(SigningKey, VerifiesItsOwnSignatureOfTheSameBytesOnly) {
    const auto key = some_key();
    const auto signature = key.sign("bytes");
    EXPECT_TRUE(key.verify("bytes", signature));
    EXPECT_FALSE(key.verify("Bytes", signature));
    for (const std::string& bad : {std::string{}, signature.substr(1), signature + 'x', std::string(64, '\0'), std::string(64, '\xFF')})
        EXPECT_FALSE(key.verify("bytes", bad));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        auto flipped = signature;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(key.verify("bytes", flipped)) << bit;
    }
}

// A signature has one spelling: S + L, which satisfies the same equation, is refused (RFC 8032 section 5.1.7, trust.md case 82).
TEST(SigningKey, SignatureIsNotMalleable) {
    const auto key = some_key();
    auto signature = key.sign("bytes");
    const auto order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");  // L, least byte first
    int carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        carry += static_cast<unsigned char>(signature[32 + i]) + static_cast<unsigned char>(order[i]);
        signature[32 + i] = static_cast<char>(carry & 255);
        carry >>= 8;
    }
    EXPECT_EQ(carry, 0);
    EXPECT_FALSE(key.verify("bytes", signature));
}

TEST(SigningKey, IsTheSameAfterAFile) {
    const auto key = some_key();
    const auto again = SigningKey::from_pem(key.id(), key.to_pem());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->made_at(), key.made_at());
    EXPECT_EQ(again->public_key(), key.public_key());
    EXPECT_TRUE(key.verify("bytes", again->sign("bytes")));
}

TEST(SigningKey, OtherFilesAreNone) {
    const auto pem = some_key().to_pem();
    const auto without_time = pem.substr(pem.find('\n') + 1);
    // openssl genpkey -algorithm X25519: the curve, but not for signatures.
    const std::string x25519 =
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIGj7TB4V6bXxQ7Wn2aKPbPY5F29YZdsatapNCoSE0TNY\n-----END PRIVATE KEY-----\n";
    // openssl genpkey -algorithm ed25519 -aes256: nobody is asked for its passphrase.
    const std::string encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
        "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiZm0HjJOJSjAICCAAw\n"
        "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEP9UY9iF9qQqemu9Be+YC+cEQOGP\n"
        "Lqh3vGiqeB8TcQQxUlx1JsmtrjO0FO2GRNwD5PvVbCr6AscGGCaPUArlw3GlINW3\n"
        "mhNsVxO/Wpwqa0Xpgbw=\n"
        "-----END ENCRYPTED PRIVATE KEY-----\n";
    const std::string time = "Made-At: 2026-11-22T18:07:00Z\n";
    for (const std::string& bad : {std::string{}, std::string{"no key"}, without_time, "Made-At: yesterday\n" + without_time, time, time + x25519,
                                   time + encrypted, pem.substr(0, pem.size() / 2), std::string(4096, '-')})
        EXPECT_FALSE(SigningKey::from_pem("id", bad)) << bad.substr(0, 80);
}

TEST(SigningKey, IdIsThirtyTwoHexDigits) {
    EXPECT_TRUE(is_key_id(some_key().id()));
    for (const std::string& bad : {std::string{}, std::string(31, 'a'), std::string(33, 'a'), std::string(32, 'A'), std::string(32, 'g'),
                                   std::string{"../../../../../../etc/passwd...."}})
        EXPECT_FALSE(is_key_id(bad)) << bad;
}

}  // namespace
}  // namespace parley::auth
