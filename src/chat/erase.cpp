// SPDX-License-Identifier: Apache-2.0
#include "chat/conversations.hpp"

#include "files/store.hpp"

/// Erases what a deleted conversation leaves behind.
namespace parley::chat {
namespace {

/// Events erased in one transaction: others' writes wait that long.
constexpr std::int64_t slice = 500;

struct PlacedEvent {
    std::int64_t is_message;
    Seq seq;
    std::int64_t log_id;
};

struct SentAs {
    std::optional<std::string> client_id;
    std::optional<UserId> sender;
};

void erase_event(storage::Transaction& tx, ConversationId conversation, const PlacedEvent& event, Timestamp now) {
    if (event.is_message != 0) {
        const auto sent = tx.row<SentAs>("SELECT client_id, actor_id FROM log WHERE id = $1", event.log_id);
        if (sent && sent->client_id)
            tx.run("DELETE FROM sent WHERE client_id = $1 AND sender_id = $2 AND conversation_id = $3", *sent->client_id, sent->sender, conversation);
        tx.run("DELETE FROM reactions WHERE conversation_id = $1 AND message_seq = $2", conversation, event.seq);
        files::release_message(tx, conversation, event.seq, now);
    }
    tx.run("DELETE FROM log WHERE id = $1", event.log_id);
    tx.run("DELETE FROM by_position WHERE conversation_id = $1 AND is_message = $2 AND seq = $3", conversation, event.is_message, event.seq);
}

}  // namespace

Task<Result<jobs::Left>> Conversations::erase(ConversationId id) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<jobs::Left> {
        // The index first: it would place what is gone. It follows within moments.
        if (context_.log.on(tx).last_unplaced_id(id) != 0) return jobs::Left::later;
        const auto events = tx.rows<PlacedEvent>(
            "SELECT is_message, seq, log_id FROM by_position WHERE conversation_id = $1 ORDER BY is_message, seq LIMIT $2", id, slice);
        if (events.empty()) return jobs::Left::nothing;
        for (const auto& event : events) erase_event(tx, id, event, context_.clock.now());
        tx.scrub();
        return jobs::Left::more;
    });
}

}  // namespace parley::chat
