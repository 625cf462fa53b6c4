// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

/// An IPv4 or IPv6 address. An IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2), as a dual-stack socket gives it, is that IPv4 address.
class Address {
public:
    /// Nothing for everything inet_pton(3) refuses, among it zones, ports, brackets and names.
    static std::optional<Address> parse(std::string_view text) noexcept;

    bool is_ipv4() const noexcept;
    /// 32 or 128.
    unsigned bits() const noexcept { return is_ipv4() ? 32 : 128; }
    /// With all but the first `bits` zero. Whoever has one IPv6 address has its /64, so limits count those by `prefix(64)`.
    Address prefix(unsigned bits) const noexcept;
    std::string to_string() const;

    friend bool operator==(const Address&, const Address&) = default;

private:
    std::array<std::uint8_t, 16> bytes_{};  // IPv4 in its mapped form
};

}  // namespace parley::http
