// SPDX-License-Identifier: Apache-2.0
#include "core/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace parley {

/// What is still missing to a full bucket at `now`.
double RateLimiter::refilled(const Bucket& bucket, Moment now) const {
    const std::chrono::duration<double, std::milli> passed = now - bucket.at;
    const double per_milli = static_cast<double>(rate_.burst) / static_cast<double>(rate_.window.count());
    return std::max(0.0, bucket.spent - std::max(0.0, passed.count()) * per_milli);
}

RateLimiter::Bucket& RateLimiter::bucket_of(Stripe& stripe, std::string_view key, Moment now) {
    if (stripe.buckets.size() >= most_keys_per_stripe) {
        std::erase_if(stripe.buckets, [&](const auto& entry) { return refilled(entry.second, now) <= 0; });
        if (stripe.buckets.size() >= most_keys_per_stripe && !stripe.buckets.contains(std::string{key})) key = {};
    }
    return stripe.buckets[std::string{key}];
}

RateLimiter::Verdict RateLimiter::take(std::string_view key, Moment now) {
    auto& stripe = stripes_[std::hash<std::string_view>{}(key) % stripes];
    const std::scoped_lock lock{stripe.mutex};
    auto& bucket = bucket_of(stripe, key, now);
    const double spent = refilled(bucket, now);
    const double milli_per_token = static_cast<double>(rate_.window.count()) / static_cast<double>(rate_.burst);
    const auto millis = [&](double tokens) { return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(tokens * milli_per_token))}; };
    const auto burst = static_cast<double>(rate_.burst);
    if (spent + 1 > burst) return {false, 0, millis(spent + 1 - burst)};
    bucket = {spent + 1, now};
    return {true, static_cast<std::int64_t>(burst - spent - 1), millis(spent + 1)};
}

void RateLimiter::give_back(std::string_view key, Moment now) {
    auto& stripe = stripes_[std::hash<std::string_view>{}(key) % stripes];
    const std::scoped_lock lock{stripe.mutex};
    auto& bucket = bucket_of(stripe, key, now);
    bucket = {std::max(0.0, refilled(bucket, now) - 1), now};
}

}  // namespace parley
