// SPDX-License-Identifier: Apache-2.0
#include "chat/errors.hpp"
#include "chat/messages.hpp"
#include "chat/view.hpp"
#include "groups/store.hpp"

#include <algorithm>

namespace parley::chat {

Task<Result<NumberedPage>> Messages::page_by_number(Caller caller, ConversationId conversation, std::optional<std::int64_t> number,
                                                    std::int64_t items) {
    co_return co_await context_.db.read([&](storage::Connection& db) -> Result<NumberedPage> {
        CHECK(groups::require_member(db, conversation, caller.user));
        const auto log = context_.log.on(db);
        const auto head = log.head(conversation);
        NumberedPage page{.count = log.unread(conversation, head, {})};
        page.pages = std::max<std::int64_t>(1, (page.count + items - 1) / items);
        page.number = number.value_or(page.pages);
        if (page.number < 1 || page.number > page.pages) return fail(errors::no_such_page);
        for (const auto& row : log.living_from_newest(conversation, head, (page.number - 1) * items, items))
            page.items.push_back(to_message(db, row, context_.clock.now()));
        page.kind = groups::find_conversation(db, conversation).value().kind;
        if (page.kind == groups::ConversationKind::direct) {
            for (const auto id : groups::member_ids(db, conversation, 2))
                if (id != caller.user) page.peer = id;
        }
        return page;
    });
}

}  // namespace parley::chat
