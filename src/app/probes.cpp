// SPDX-License-Identifier: Apache-2.0
#include "app/probes.hpp"

namespace parley::app {
namespace {

using http::Call, http::Reply, http::Route;

Reply plain(int status, std::string text) { return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(text)}; }

Task<Result<Reply>> alive(Vitals&, Call&) { co_return plain(200, "ok\n"); }

Task<Result<Reply>> ready(Vitals& vitals, Call&) {
    if (vitals.ready()) co_return plain(200, "ok\n");
    co_return plain(503, "not ready\n");
}

Task<Result<Reply>> metrics(Vitals& vitals, Call&) {
    co_return Reply{.status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8", .body = vitals.metrics()};
}

}  // namespace

http::Routes probe_routes(Vitals& vitals) {
    using http::verb::get;
    http::Routes routes;
    routes.push_back(
        Route{get, "/livez", http::open_to_all, http::bind(alive, vitals), "Whether the process is there"}.on(http::Listening::both).undocumented());
    for (const auto* path : {"/readyz", "/healthz"}) {
        routes.push_back(
            Route{get, path, http::open_to_all, http::bind(ready, vitals), "Whether it takes requests"}.on(http::Listening::both).undocumented());
    }
    routes.push_back(
        Route{get, "/metrics", http::open_to_all, http::bind(metrics, vitals), "Counters"}.on(http::Listening::internal_only).undocumented());
    return routes;
}

}  // namespace parley::app
