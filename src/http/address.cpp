// SPDX-License-Identifier: Apache-2.0
#include "http/address.hpp"

#include <arpa/inet.h>
#include <algorithm>
#include <ranges>

namespace parley::http {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned mapped_bits = 8 * mapped_prefix.size();

}  // namespace

std::optional<Address> Address::parse(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
    std::ranges::copy(text, terminated.begin());
    Address address;
    if (::inet_pton(AF_INET6, terminated.data(), address.bytes_.data()) == 1) return address;
    std::ranges::copy(mapped_prefix, address.bytes_.begin());
    if (::inet_pton(AF_INET, terminated.data(), &address.bytes_[mapped_prefix.size()]) == 1) return address;
    return std::nullopt;
}

bool Address::is_ipv4() const noexcept { return std::ranges::equal(mapped_prefix, bytes_ | std::views::take(mapped_prefix.size())); }

Address Address::prefix(unsigned bits) const noexcept {
    if (is_ipv4()) bits += mapped_bits;
    Address network = *this;
    for (unsigned i = 0; i < network.bytes_.size(); ++i) {
        const unsigned kept = std::clamp(bits, 8 * i, 8 * i + 8) - 8 * i;
        network.bytes_[i] = static_cast<std::uint8_t>(network.bytes_[i] & (0xFF00U >> kept));
    }
    return network;
}

std::string Address::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_ipv4()) ::inet_ntop(AF_INET, &bytes_[mapped_prefix.size()], text.data(), text.size());
    else ::inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
    return text.data();
}

}  // namespace parley::http
