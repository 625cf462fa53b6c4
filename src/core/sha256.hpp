// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace parley {

using Sha256Digest = std::array<std::byte, 32>;

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();

    void update(std::string_view bytes);
    /// The digest of all so far; nothing may be added after.
    Sha256Digest finish();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

Sha256Digest sha256(std::string_view bytes);
/// In lower-case hex.
std::string sha256_hex(std::string_view bytes);

/// HMAC-SHA256 (RFC 2104).
Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes);

/// Whether two secrets are equal, in a time that tells nothing but their lengths.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace parley
