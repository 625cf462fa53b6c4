// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/host.hpp"
#include "http/stage.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// What this server is called from outside: for the check of Host (a request for another host is 421, misdirected), for the check of Origin, and for
/// links. Made of server.public_url, or of the listener's address where that is empty (api.md section 10).
class PublicOrigin {
public:
    /// `listening` is the public listener's address with its real port. Error: bad_public_url.
    static Result<PublicOrigin> make(const std::string& public_url, const std::string& listening);

    bool knows_host(std::string_view host) const;
    /// Whether a page of `origin` is one of ours.
    bool is_own(std::string_view origin, std::string_view host) const;
    /// "https://chat.example.org", for links. Where nothing is configured: what the request's Host says.
    std::string base(std::string_view host) const;

private:
    std::string scheme_ = "http";
    std::vector<Host> hosts_;  // empty: any
    std::uint16_t port_ = 80;
    std::string url_;  // without a slash at the end; empty if not configured
};

class HostCheck final : public Stage {
public:
    explicit HostCheck(const PublicOrigin& origin) : origin_(origin) {}
    Result<void> before(Call& call) override;

private:
    const PublicOrigin& origin_;
};

}  // namespace parley::http
