// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace parley {

/// Where every random byte comes from; a test sets its own. Implementations may be called from any thread.
class Random {
public:
    Random() = default;
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;
    virtual ~Random() = default;

    virtual void fill(std::span<std::byte> out) = 0;

    /// A number in [0, bound); `bound` > 0. The bias is below 2^-32 for any bound below 2^32.
    std::uint64_t below(std::uint64_t bound);
    /// 256 random bits, URL-safe base64 without padding (43 characters): a secret nobody guesses.
    std::string token();
    /// 128 random bits in hex (32 characters): a name that is never taken twice.
    std::string name();
};

/// The kernel's generator (getrandom(2)).
class SystemRandom final : public Random {
public:
    void fill(std::span<std::byte> out) override;
};

}  // namespace parley
