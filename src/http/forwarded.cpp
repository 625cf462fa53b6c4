// SPDX-License-Identifier: Apache-2.0
#include "http/forwarded.hpp"

#include "http/errors.hpp"
#include "http/host.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

namespace parley::http {
namespace {

/// A hop as proxies write it: an address, or an address and a port; IPv6 with a port in brackets.
std::optional<Address> parse_hop(std::string_view hop) noexcept {
    if (const auto address = Address::parse(hop)) return address;
    const auto host = view_host(hop);
    if (!host) return std::nullopt;
    const auto name = host->name;
    return Address::parse(name.starts_with('[') ? name.substr(1, name.size() - 2) : name);
}

using Hops = std::optional<std::vector<std::string_view>>;  // nothing, if the fields are not to be believed

/// All X-Forwarded-For fields as one list, the nearest hop last.
Hops hops_of_x_forwarded_for(std::span<const std::string_view> values) {
    std::vector<std::string_view> hops;
    for (auto value : values) {
        do hops.push_back(take_until(',', value));
        while (!value.empty());
    }
    return hops;
}

/// RFC 7239 section 4. An element without `for` tells no address, but it is a hop.
Hops hops_of_forwarded(std::span<const std::string_view> values) {
    std::vector<std::string_view> hops;
    for (auto rest : values) {
        hops.emplace_back();
        while (!rest.empty()) {
            const auto parameter = take_parameter(rest);
            if (!parameter) return std::nullopt;
            if (equal_ignoring_case(parameter->name, "for")) hops.back() = parameter->value;
            if (rest.empty()) break;
            if (rest.front() == ',') hops.emplace_back();
            else if (rest.front() != ';') return std::nullopt;
            rest.remove_prefix(1);
        }
    }
    return hops;
}

std::vector<std::string_view> values_of(std::span<const Field> fields, std::string_view lower_case_name) {
    std::vector<std::string_view> values;
    for (const auto& field : fields) {
        if (equal_ignoring_case(field.name, lower_case_name)) values.push_back(field.value);
    }
    return values;
}

bool too_long(std::span<const std::string_view> values) noexcept {
    std::size_t bytes = 0;
    for (const auto value : values) bytes += value.size();
    return bytes > TrustedProxies::max_field_bytes;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(std::span<const std::string> networks) {
    TrustedProxies proxies;
    for (const auto& text : networks) {
        TRY(const auto network, parse_network(text));
        proxies.networks_.push_back(network);
    }
    return proxies;
}

Result<TrustedProxies::Network> TrustedProxies::parse_network(std::string_view text) {
    const auto slash = std::min(text.find('/'), text.size());
    const auto address = Address::parse(text.substr(0, slash));
    if (!address) return fail(errors::invalid_network);
    unsigned bits = address->bits();
    if (slash < text.size()) {
        const auto* const last = text.data() + text.size();
        const auto [end, code] = std::from_chars(text.data() + slash + 1, last, bits);
        if (code != std::errc{} || end != last || bits > address->bits()) return fail(errors::invalid_network);
    }
    if (address->prefix(bits) != *address) return fail(errors::invalid_network, "The bits behind the prefix of a network must be zero.");
    return Network{*address, bits};
}

bool TrustedProxies::contains(const Address& address) const noexcept {
    return std::ranges::any_of(networks_, [&](const Network& network) {
        return address.is_ipv4() == network.address.is_ipv4() && address.prefix(network.bits) == network.address;
    });
}

Address TrustedProxies::client_address(const Address& peer, std::span<const Field> fields) const {
    if (!contains(peer)) return peer;
    const auto x_forwarded_for = values_of(fields, "x-forwarded-for");
    const auto forwarded = values_of(fields, "forwarded");
    if (too_long(x_forwarded_for) || too_long(forwarded)) return peer;
    std::optional<Address> client;
    for (const auto& hops : {hops_of_x_forwarded_for(x_forwarded_for), hops_of_forwarded(forwarded)}) {
        if (!hops) return peer;
        if (hops->empty()) continue;
        const auto told = right_most_untrusted(*hops);
        if (!told || (client && *client != *told)) return peer;
        client = told;
    }
    return client.value_or(peer);
}

/// Nothing if a hop on the way cannot be read.
std::optional<Address> TrustedProxies::right_most_untrusted(std::span<const std::string_view> hops) const {
    std::optional<Address> nearest;
    for (const auto hop : hops | std::views::reverse) {
        nearest = parse_hop(hop);
        if (!nearest || !contains(*nearest)) break;
    }
    return nearest;
}

}  // namespace parley::http
