// SPDX-License-Identifier: Apache-2.0
#include "realtime/typing.hpp"

#include "groups/store.hpp"
#include "realtime/frames.hpp"

#include <fmt/format.h>
#include <span>

namespace parley::realtime {

Task<Result<void>> Typing::tell(const Hub& hub, UserId user, ConversationId conversation, Moment now) {
    if (!hub.is_member(user, conversation))
        CO_CHECK(co_await db_.read([user, conversation](storage::Connection& db) { return groups::check_member(db, conversation, user); }));
    if (!told_.take(fmt::format("{} {}", user.value, conversation.value), now).allowed) co_return Result<void>{};
    const Signal signal{.conversation = conversation, .frame = websocket::prepare_text(typing_signal(conversation, user)), .except = user};
    for (std::size_t i = 0; i < hubs_.size(); ++i) shards_[i].post(once([&hub = *hubs_[i], signal] { hub.signal(signal); }));
    co_return Result<void>{};
}

}  // namespace parley::realtime
