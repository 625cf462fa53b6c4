// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/sessions.hpp"
#include "chat/context.hpp"
#include "config/config.hpp"
#include "core/rate_limiter.hpp"
#include "files/service.hpp"
#include "http/server.hpp"
#include "users/service.hpp"
#include "websocket/session.hpp"

#include <cstddef>

/// The settings as each part wants them.
namespace parley::app {

std::size_t cores();
std::size_t shard_count(const config::Config& config);
bool rates_on(const config::Config& config);
Rate send_rate(const config::Config& config);
Rate sign_up_rate(const config::Config& config);
Rate sign_in_rate(const config::Config& config);
std::chrono::milliseconds longest_token_life(const config::Config& config);
auth::SessionTimes session_times(const config::Config& config);
files::FileSettings file_settings(const config::Config& config);
users::AccountSettings account_settings(const config::Config& config);
chat::ChatLimits chat_limits(const config::Config& config);
websocket::SessionSettings socket_settings(const config::Config& config);
http::ServerLimits server_limits(const config::Config& config);

}  // namespace parley::app
