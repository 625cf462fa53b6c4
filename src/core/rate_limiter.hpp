// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace parley {

/// A rate: `burst` at once, refilled evenly with `burst` over `window`.
struct Rate {
    std::string_view name;
    std::int64_t burst;
    std::chrono::milliseconds window;
};

/// Token buckets by key, from any thread. Memory is bounded: a full bucket is forgotten, and when too many keys are at it at once, the newest are
/// counted together.
class RateLimiter {
public:
    explicit RateLimiter(Rate rate) : rate_(rate) {}

    struct Verdict {
        bool allowed;
        std::int64_t remaining;          // that may follow at once
        std::chrono::milliseconds wait;  // until one more is allowed; until all are, if `allowed`
    };
    Verdict take(std::string_view key, Moment now);
    /// Gives back what was taken for something that turned out not to count.
    void give_back(std::string_view key, Moment now);

    const Rate& rate() const noexcept { return rate_; }

private:
    static constexpr std::size_t stripes = 64;
    static constexpr std::size_t most_keys_per_stripe = 4096;

    struct Bucket {
        double spent = 0;  // tokens missing to a full bucket
        Moment at;
    };
    struct Stripe {
        std::mutex mutex;
        std::unordered_map<std::string, Bucket> buckets;
    };
    Bucket& bucket_of(Stripe& stripe, std::string_view key, Moment now);
    double refilled(const Bucket& bucket, Moment now) const;

    const Rate rate_;
    std::array<Stripe, stripes> stripes_;
};

}  // namespace parley
