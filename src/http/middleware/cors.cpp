// SPDX-License-Identifier: Apache-2.0
#include "http/middleware/cors.hpp"

#include <algorithm>

namespace parley::http {

Result<void> Cors::before(Call& call) {
    const auto origin = call.header("origin");
    if (origin.empty() || std::ranges::find(origins_, origin) == origins_.end()) return {};
    auto& headers = call.reply_headers;
    headers.emplace_back("Access-Control-Allow-Origin", std::string{origin});
    headers.emplace_back("Access-Control-Expose-Headers",
                         "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, ETag, Content-Disposition, Content-Range, Accept-Ranges, Location");
    if (call.verb() == Verb::options && !call.header("access-control-request-method").empty()) {
        headers.emplace_back("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
        headers.emplace_back("Access-Control-Allow-Headers",
                             "Authorization, Content-Type, If-None-Match, If-Range, Last-Event-ID, Range, X-Request-Id");
        headers.emplace_back("Access-Control-Max-Age", "600");
    }
    return {};
}

}  // namespace parley::http
