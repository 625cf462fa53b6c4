// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "http/address.hpp"
#include "http/head.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// The proxies whose word on the client's address is taken (setting server.trusted_proxies).
class TrustedProxies {
public:
    static constexpr std::size_t max_field_bytes = 4096;  // of all Forwarded, and of all X-Forwarded-For fields of a request

    TrustedProxies() = default;
    /// Each an address or a network such as `10.0.0.0/8`. Error: invalid_network, among others when bits behind the prefix are set, which is
    /// mostly a slip.
    static Result<TrustedProxies> parse(std::span<const std::string> networks);

    bool contains(const Address& address) const noexcept;

    /// Where the request came from: the peer, unless the peer is trusted; then the right-most address of X-Forwarded-For or Forwarded (RFC 7239)
    /// that is not trusted itself, or the left-most if all are. What stands further left anybody can write. A field that is too long or cannot be
    /// read up to there is not believed, and the peer's address is the answer. So it is where both fields are there and disagree: a proxy writes
    /// one and passes the other on as the client sent it. Forwarded hosts and protocols are never read.
    Address client_address(const Address& peer, std::span<const Field> fields) const;

private:
    struct Network {
        Address address;
        unsigned bits;
    };
    static Result<Network> parse_network(std::string_view text);
    std::optional<Address> right_most_untrusted(std::span<const std::string_view> hops) const;

    std::vector<Network> networks_;
};

}  // namespace parley::http
