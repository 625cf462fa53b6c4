// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log.hpp"
#include "core/clock.hpp"
#include "storage/database.hpp"
#include "users/names.hpp"

#include <cstdint>
#include <string>

namespace parley::chat {

struct ChatLimits {
    std::size_t message_text_bytes = 16 * 1024;
    std::size_t files_per_message = 20;
    std::int64_t page_items = 200;
};

/// What all services of this folder stand on. Built in `app`, outlives them.
struct Context {
    storage::Database& db;
    Log& log;
    const users::NameFolder& names;
    const Clock& clock;
    const ChatLimits limits;
    const std::string fingerprint_key;  // of the database; see messages.cpp
    const std::string epoch;
};

}  // namespace parley::chat
