// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log_row.hpp"
#include "core/json/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley::chat {

/// A kind of durable event, for those who read it.
struct EventDoc {
    EventKind kind;
    std::string_view sentence;
    std::string (*data)(json::SchemaSet& schemas);  // the schema of its `data`
};

/// Every kind there is.
std::vector<EventDoc> event_docs();

}  // namespace parley::chat
