// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/route.hpp"

#include <functional>
#include <string>

namespace parley::app {

/// What the probes and /metrics ask.
struct Vitals {
    std::function<bool()> ready;           // takes requests, and changes
    std::function<std::string()> metrics;  // Prometheus text
};

/// `/livez`, `/readyz` and its alias `/healthz` on both listeners, `/metrics` on the internal one. They tell nothing but yes or no.
http::Routes probe_routes(Vitals& vitals);

}  // namespace parley::app
