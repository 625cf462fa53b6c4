// SPDX-License-Identifier: Apache-2.0
#include "http/middleware/host_check.hpp"

#include "http/errors.hpp"
#include "http/route.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace parley::http {
namespace {

struct Url {
    std::string scheme;
    Host host;
};

/// `scheme://host[:port]`, as in an Origin header (RFC 6454 section 7); nothing for paths and other schemes.
std::optional<Url> parse_origin(std::string_view text) {
    const auto end = text.find("://");
    if (end == std::string_view::npos) return std::nullopt;
    std::string scheme{text.substr(0, end)};
    if (scheme != "http" && scheme != "https") return std::nullopt;
    auto host = parse_host(text.substr(end + 3));
    if (!host) return std::nullopt;
    return Url{std::move(scheme), *std::move(host)};
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }
bool is_loopback(std::string_view name) { return name.starts_with("127.") || name == "[::1]"; }

}  // namespace

Result<PublicOrigin> PublicOrigin::make(const std::string& public_url, const std::string& listening) {
    PublicOrigin origin;
    if (!public_url.empty()) {
        auto url = public_url;
        if (url.ends_with('/')) url.pop_back();
        const auto parsed = parse_origin(url);
        if (!parsed)
            return fail(errors::bad_public_url,
                        fmt::format("server.public_url is \"{}\", but an origin such as https://chat.example.org is expected.", public_url));
        origin.scheme_ = parsed->scheme;
        origin.port_ = parsed->host.port.value_or(default_port(parsed->scheme));
        origin.hosts_ = {parsed->host};
        origin.url_ = url;
        return origin;
    }
    const auto host = parse_host(listening);
    if (!host) return origin;
    origin.port_ = host->port.value_or(80);
    if (is_loopback(host->name)) origin.hosts_ = {*host, Host{"localhost", host->port}};
    return origin;
}

bool PublicOrigin::knows_host(std::string_view text) const {
    const auto host = parse_host(text);
    if (!host) return false;
    if (hosts_.empty()) return true;
    const bool right_port = !host->port || *host->port == port_;
    return right_port && std::ranges::any_of(hosts_, [&](const Host& own) { return own.name == host->name; });
}

bool PublicOrigin::is_own(std::string_view text, std::string_view request_host) const {
    const auto origin = parse_origin(text);
    if (!origin) return false;
    if (!hosts_.empty()) {
        return origin->scheme == scheme_ && origin->host.port.value_or(default_port(origin->scheme)) == port_ &&
               std::ranges::any_of(hosts_, [&](const Host& own) { return own.name == origin->host.name; });
    }
    const auto host = parse_host(request_host);
    return host && *host == origin->host;
}

std::string PublicOrigin::base(std::string_view host) const {
    if (!url_.empty()) return url_;
    return fmt::format("{}://{}", scheme_, host);
}

Result<void> HostCheck::before(Call& call) {
    const bool probe_or_internal = call.route != nullptr && call.route->listening != Listening::public_only;
    if (probe_or_internal || call.head().host.empty() || origin_.knows_host(call.head().host)) return {};
    return fail(errors::misdirected);
}

}  // namespace parley::http
