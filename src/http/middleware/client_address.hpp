// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/forwarded.hpp"
#include "http/stage.hpp"

#include <utility>

namespace parley::http {

/// Finds out where the request came from: the peer, or what a trusted proxy says.
class ClientAddress final : public Stage {
public:
    explicit ClientAddress(TrustedProxies proxies) : proxies_(std::move(proxies)) {}
    Result<void> before(Call& call) override {
        call.set_client(proxies_.client_address(call.peer(), call.head().fields));
        return {};
    }

private:
    const TrustedProxies proxies_;
};

}  // namespace parley::http
