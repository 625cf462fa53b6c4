// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/rate_limiter.hpp"
#include "http/stage.hpp"

namespace parley::http {

/// The limiters that count requests; shared with the sockets, so that both count together.
struct RateLimits {
    RateLimiter* send = nullptr;     // by user
    RateLimiter* sign_up = nullptr;  // by address
    bool enabled = true;
};

/// Counts the requests of limited routes, and tells in RateLimit-Policy and RateLimit how many are left
/// (draft-ietf-httpapi-ratelimit-headers-10).
class RateLimit final : public Stage {
public:
    explicit RateLimit(RateLimits limits) : limits_(limits) {}
    Result<void> before(Call& call) override;

private:
    const RateLimits limits_;
};

/// The key of an address: an IPv4 address, or the /64 that whoever has one IPv6 address has all of.
std::string address_key(const Address& address);

}  // namespace parley::http
