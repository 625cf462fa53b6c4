// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

/// `host[:port]` as views into the text it was read from.
struct HostView {
    std::string_view name;  // as written; an IPv6 address with its brackets
    std::optional<std::uint16_t> port;

    friend bool operator==(HostView, HostView) = default;
};

/// `host[:port]`, comparable.
struct Host {
    std::string name;  // in lower case; an IPv6 address with its brackets
    std::optional<std::uint16_t> port;

    friend bool operator==(const Host&, const Host&) = default;
};

/// Reads the value of a Host field or the authority of a URL without user (RFC 3986 section 3.2.2, RFC 9110 section 7.2). Nothing for an empty
/// name (RFC 9110 section 4.2.1), more than 255 bytes, empty labels, a port above 65535, or IPv6 that inet_pton(3) refuses. Narrower than the
/// RFC on purpose: percent-encodings, sub-delims and "~" stand in no name this server could have, but do in attacks on whatever joins or
/// stores hosts.
std::optional<HostView> view_host(std::string_view text) noexcept;

/// The same, in lower case: for the check against public_url and for origins.
std::optional<Host> parse_host(std::string_view text);

}  // namespace parley::http
