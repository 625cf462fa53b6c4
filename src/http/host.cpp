// SPDX-License-Identifier: Apache-2.0
#include "http/host.hpp"

#include "http/address.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <charconv>

namespace parley::http {
namespace {

constexpr std::size_t max_name_bytes = 255;  // RFC 1035 section 2.3.4

bool is_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > max_name_bytes) return false;
    if (text.front() == '[') {
        const auto address = text.ends_with(']') ? text.substr(1, text.size() - 2) : std::string_view{};
        return address.find(':') != std::string_view::npos && Address::parse(address);
    }
    return all(Bytes::host, text) && text.front() != '.' && text.find("..") == std::string_view::npos;
}

/// RFC 3986 section 3.2.3: the digits may be missing, which means the same as no port.
bool read_port(std::string_view text, std::optional<std::uint16_t>& port) noexcept {
    if (text.empty()) return true;
    std::uint16_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc{} || end != text.data() + text.size()) return false;
    port = number;
    return true;
}

}  // namespace

std::optional<HostView> view_host(std::string_view text) noexcept {
    const auto colon = text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
    HostView host{text.substr(0, colon), std::nullopt};
    if (!is_name(host.name)) return std::nullopt;
    if (colon != std::string_view::npos && !read_port(text.substr(colon + 1), host.port)) return std::nullopt;
    return host;
}

std::optional<Host> parse_host(std::string_view text) {
    const auto view = view_host(text);
    if (!view) return std::nullopt;
    Host host{std::string{view->name}, view->port};
    std::ranges::transform(host.name, host.name.begin(), to_lower);
    return host;
}

}  // namespace parley::http
