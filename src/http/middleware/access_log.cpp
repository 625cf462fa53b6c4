// SPDX-License-Identifier: Apache-2.0
#include "http/middleware/access_log.hpp"

#include "http/route.hpp"

namespace parley::http {

void AccessLog::after(const Call& call, Reply& reply) {
    if (!logger_.enabled(config::LogLevel::info)) return;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(call.shard().clock().steady() - call.started());
    const std::string_view route = call.route == nullptr ? std::string_view{"-"} : std::string_view{call.route->path};
    const std::int64_t user = call.maybe_caller() ? call.maybe_caller()->user.value : 0;
    logger_.info("request", {{"method", json::name_of(call.verb())},
                             {"route", route},
                             {"status", reply.status},
                             {"micros", took.count()},
                             {"user", user},
                             {"address", call.client().to_string()},
                             {"request", call.request_id()}});
}

}  // namespace parley::http
