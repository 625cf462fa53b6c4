// SPDX-License-Identifier: Apache-2.0
#include "chat/errors.hpp"
#include "chat/messages.hpp"
#include "chat/view.hpp"
#include "core/errors.hpp"
#include "groups/store.hpp"

/// Reading messages and events back.
namespace parley::chat {
namespace {

using From = LogReader::From;

/// Whether a message stands strictly between two positions.
bool any_between(const LogReader& log, ConversationId conversation, Seq after, Seq before) {
    return !log.messages(conversation, after, before, 1, From::oldest).empty();
}

/// The messages a position asks for. Error: not_found.
Result<std::vector<LogRow>> rows_at(const LogReader& log, ConversationId conversation, const HistoryPosition& position, std::int64_t limit) {
    if (position.before) return log.messages(conversation, 0, *position.before, limit, From::newest);
    if (position.after) return log.messages(conversation, *position.after, max_id, limit, From::oldest);
    if (!position.around) return log.messages(conversation, 0, max_id, limit, From::newest);
    const auto middle = *position.around;
    if (middle > log.head(conversation).seq) return std::vector<LogRow>{};
    if (!log.find_message(conversation, middle)) return fail(parley::errors::not_found);
    const auto older = limit / 2;
    auto rows = older > 0 ? log.messages(conversation, 0, middle, older, From::newest) : std::vector<LogRow>{};
    for (auto& row : log.messages(conversation, middle - 1, max_id, limit - older, From::oldest)) rows.push_back(std::move(row));
    return rows;
}

}  // namespace

Task<Result<Message>> Messages::find(Caller caller, ConversationId conversation, Seq seq) {
    co_return co_await context_.db.read([&](storage::Connection& db) -> Result<Message> {
        CHECK(groups::require_member(db, conversation, caller.user));
        const auto row = context_.log.on(db).find_message(conversation, seq);
        if (!row) return fail(parley::errors::not_found);
        return to_message(db, *row, context_.clock.now());
    });
}

Task<Result<MessagePage>> Messages::history(Caller caller, ConversationId conversation, HistoryPosition position, std::int64_t limit) {
    if (position.before.has_value() + position.after.has_value() + position.around.has_value() > 1) co_return fail(errors::several_positions);
    co_return co_await context_.db.read([&](storage::Connection& db) -> Result<MessagePage> {
        CHECK(groups::require_member(db, conversation, caller.user));
        const auto log = context_.log.on(db);
        TRY(const auto rows, rows_at(log, conversation, position, limit));
        MessagePage page;
        for (const auto& row : rows) page.items.push_back(to_message(db, row, context_.clock.now()));
        // An empty page lies before everything or behind it.
        const auto empty_at = position.before.value_or(max_id);
        page.has_more_before = any_between(log, conversation, 0, rows.empty() ? empty_at : rows.front().seq);
        page.has_more_after = any_between(log, conversation, rows.empty() ? empty_at - 1 : rows.back().seq, max_id);
        return page;
    });
}

Task<Result<EventPage>> Messages::events(Caller caller, ConversationId conversation, Seq after, std::int64_t limit) {
    co_return co_await context_.db.read([&](storage::Connection& db) -> Result<EventPage> {
        CHECK(groups::require_member(db, conversation, caller.user));
        const auto log = context_.log.on(db);
        EventPage page{.items = {}, .last_seq = log.head(conversation).seq};
        for (const auto& row : log.events(conversation, after, limit)) page.items.push_back(to_event(db, log, row, context_.clock.now()));
        return page;
    });
}

}  // namespace parley::chat
