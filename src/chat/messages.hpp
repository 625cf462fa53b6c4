// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/context.hpp"
#include "chat/requests.hpp"
#include "chat/types.hpp"
#include "core/caller.hpp"
#include "core/task.hpp"
#include "groups/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::chat {

/// What was sent, or what the same client_id had sent before.
struct Posted {
    Message message;
    bool repeated = false;
};

/// Where in a conversation's history a page begins: at most one of them.
struct HistoryPosition {
    std::optional<Seq> before, after, around;
};

/// A page of a conversation by its number, as the origin's clients read it.
struct NumberedPage {
    std::int64_t count = 0;  // messages of the conversation, without deleted ones
    std::int64_t pages = 1;
    std::int64_t number = 1;     // of this page
    std::vector<Message> items;  // the newest first
    groups::ConversationKind kind = groups::ConversationKind::group;
    std::optional<UserId> peer;  // of a direct conversation: the other one
};

/// Messages: sent exactly once for a client_id, edited, deleted for good, read back. Every call checks that the caller is a member there and then:
/// not_a_member for a public group, not_found for what they cannot see.
class Messages {
public:
    explicit Messages(Context& context) : context_(context) {}

    /// Errors: empty_message, too_long, invalid_client_id, client_id_reused, no_such_message, files::errors::not_usable and not_ready.
    Task<Result<Posted>> post(Caller caller, ConversationId conversation, MessageDraft draft);

    struct Edited {
        Message message;
        std::optional<Seq> event_seq;  // nothing if the text was this already
    };
    /// Errors: not_author, message_deleted, empty_message, too_long.
    Task<Result<Edited>> edit(Caller caller, ConversationId conversation, Seq seq, std::string text);
    /// The seq of the event; nothing if it was deleted already. Error: may_not_delete.
    Task<Result<std::optional<Seq>>> remove(Caller caller, ConversationId conversation, Seq seq);

    /// The seq of the event; nothing if nothing changed. Errors: invalid_emoji, too_many_reactions, message_deleted.
    Task<Result<std::optional<Seq>>> react(Caller caller, ConversationId conversation, Seq seq, std::string emoji, bool add);
    /// As `react`. Error: groups::errors::not_allowed.
    Task<Result<std::optional<Seq>>> pin(Caller caller, ConversationId conversation, Seq seq, bool add);

    Task<Result<Message>> find(Caller caller, ConversationId conversation, Seq seq);
    /// Errors: several_positions; not_found if `around` is an event that is no message.
    Task<Result<MessagePage>> history(Caller caller, ConversationId conversation, HistoryPosition position, std::int64_t limit);
    /// Page `number` of the messages that are not deleted, newest first, `items` a page; the last page for no number. An empty conversation has one.
    /// Error: no_such_page.
    Task<Result<NumberedPage>> page_by_number(Caller caller, ConversationId conversation, std::optional<std::int64_t> number, std::int64_t items);
    Task<Result<EventPage>> events(Caller caller, ConversationId conversation, Seq after, std::int64_t limit);

private:
    Result<void> validate(const MessageDraft& draft) const;
    Result<void> check_text(std::string_view text, bool may_be_blank) const;
    Result<Posted> append(storage::Transaction& tx, UserId sender, ConversationId conversation, const MessageDraft& draft);
    /// What the same client_id sent before. Error: client_id_reused.
    Result<Posted> repeat(storage::Transaction& tx, const LogRow& earlier, const MessageDraft& draft) const;
    std::string fingerprint(const std::optional<std::string>& text, std::optional<Seq> reply_to, const std::vector<FileId>& file_ids) const;
    std::string fingerprint_of(storage::Connection& db, const LogRow& row) const;
    /// The message, for a change. Errors: not_found, message_deleted.
    Result<LogRow> require_living(storage::Transaction& tx, ConversationId conversation, Seq seq) const;

    Context& context_;
};

}  // namespace parley::chat
