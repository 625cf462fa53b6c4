// SPDX-License-Identifier: Apache-2.0
#include "http/middleware/rate_limit.hpp"

#include "http/errors.hpp"
#include "http/route.hpp"

#include <fmt/format.h>

namespace parley::http {

std::string address_key(const Address& address) { return (address.is_ipv4() ? address : address.prefix(64)).to_string(); }

Result<void> RateLimit::before(Call& call) {
    if (!limits_.enabled || call.route == nullptr) return {};
    RateLimiter* limiter = nullptr;
    std::string key;
    if (call.route->rate_class == RateClass::send && call.maybe_caller()) {
        limiter = limits_.send;
        key = std::to_string(call.caller().user.value);
    } else if (call.route->rate_class == RateClass::sign_up) {
        limiter = limits_.sign_up;
        key = address_key(call.client());
    }
    if (limiter == nullptr) return {};
    const auto verdict = limiter->take(key, call.shard().clock().steady());
    const auto seconds = [](std::chrono::milliseconds wait) { return std::chrono::ceil<std::chrono::seconds>(wait).count(); };
    const auto& rate = limiter->rate();
    call.reply_headers.emplace_back("RateLimit-Policy", fmt::format("\"{}\";q={};w={}", rate.name, rate.burst, seconds(rate.window)));
    call.reply_headers.emplace_back("RateLimit", fmt::format("\"{}\";r={};t={}", rate.name, verdict.remaining, seconds(verdict.wait)));
    if (!verdict.allowed) return fail(Error{errors::rate_limited}.with_retry_after(verdict.wait));
    return {};
}

}  // namespace parley::http
