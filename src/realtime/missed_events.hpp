// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log_reader.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

namespace parley::realtime {

/// What a user missed, in the order of commits.
struct Missed {
    std::vector<std::int64_t> log_ids;
    std::int64_t up_to = 0;  // how far this look saw: what was committed later is not in it
};

/// The events after log id `since` that the user would have got live, of the conversations they are in; none without `since`. `rooms` are those the
/// hub has them in: somebody removed a moment ago still reads up to that. Error: resync_required, if `since` lies beyond the end, if a conversation
/// is more than 1 000 events ahead of it, or all together are more than 20 000.
Result<Missed> find_missed(storage::Connection& db, const chat::LogReader& log, UserId user, std::optional<std::int64_t> since,
                           const std::unordered_set<ConversationId>& rooms);

}  // namespace parley::realtime
