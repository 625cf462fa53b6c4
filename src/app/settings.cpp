// SPDX-License-Identifier: Apache-2.0
#include "app/settings.hpp"

#include <sched.h>
#include <algorithm>

namespace parley::app {

/// The cores this process may use, which in a container or under taskset are fewer than the machine has.
std::size_t cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

std::size_t shard_count(const config::Config& config) {
    return config.server.threads > 0 ? static_cast<std::size_t>(config.server.threads) : cores();
}

bool rates_on(const config::Config& config) { return config.limits.rate_limits == config::Switch::on; }

Rate send_rate(const config::Config& config) {
    const auto burst = std::max<std::int64_t>(1, config.limits.send_burst);
    return {"send", burst, std::chrono::milliseconds{1000 * burst / std::max<std::int64_t>(1, config.limits.sends_per_second)}};
}

Rate sign_up_rate(const config::Config& config) {
    return {"sign_up", std::max<std::int64_t>(1, config.limits.sign_ups_per_hour), std::chrono::hours{1}};
}
Rate sign_in_rate(const config::Config& config) {
    return {"sign_in", std::max<std::int64_t>(1, config.limits.sign_in_failures), std::chrono::minutes{15}};
}

std::chrono::milliseconds longest_token_life(const config::Config& config) {
    return std::max(config.auth.access_token_ttl, auth::SessionTimes{}.origin_access_token);
}

auth::SessionTimes session_times(const config::Config& config) {
    auth::SessionTimes times;
    times.access_token = config.auth.access_token_ttl;
    times.refresh_token = config.auth.refresh_token_ttl;
    times.longest_session = std::max(times.longest_session, times.refresh_token);
    return times;
}

files::FileSettings file_settings(const config::Config& config) {
    return {.default_ttl = config.files.default_ttl,
            .max_file_bytes = static_cast<std::int64_t>(config.files.max_file_bytes),
            .quota_bytes = static_cast<std::int64_t>(config.files.quota_bytes),
            .allow_keep = config.files.allow_keep == config::Switch::on,
            .upload_ttl = config.files.upload_ttl};
}

users::AccountSettings account_settings(const config::Config& config) {
    return {config.users.registration,
            {.memory_kib = static_cast<std::uint32_t>(config.auth.password_memory_bytes / config::KiB), .passes = 1, .lanes = 1}};
}

chat::ChatLimits chat_limits(const config::Config& config) {
    return {config.limits.message_text_bytes, static_cast<std::size_t>(config.limits.files_per_message), config.limits.page_items};
}

websocket::SessionSettings socket_settings(const config::Config& config) {
    return {.limits = {.max_message_bytes = config.limits.frame_bytes},
            .ping_interval = config.realtime.ping_interval,
            .pong_timeout = config.realtime.pong_timeout,
            .outbox_bytes = config.realtime.outbox_bytes,
            .compression = config.realtime.compression == config::Switch::on};
}

http::ServerLimits server_limits(const config::Config& config) {
    return {.head = {config.limits.head_bytes, static_cast<std::size_t>(config.limits.head_fields), config.limits.target_bytes},
            .json_body_bytes = config.limits.json_body_bytes,
            .header_timeout = config.server.header_timeout,
            .body_timeout = config.server.body_timeout,
            .idle_timeout = config.server.idle_timeout};
}

}  // namespace parley::app
