// SPDX-License-Identifier: Apache-2.0
#include "chat/log.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace parley::chat {
namespace {

/// What the tail needs of a row.
struct TailRow {
    std::int64_t id;
    ConversationId conversation;
    Seq seq;
    std::int64_t kind;
    std::int64_t ordinal;
    Timestamp at;
    std::optional<UserId> actor;
};

}  // namespace

Log::Log(storage::Database& db, LogIndex::Pace pace) : index_(tail_, pace) {
    const auto loaded = db.write_now([this](storage::Transaction& tx) -> Result<void> {
        load_tail(tx);
        return {};
    });
    if (!loaded) throw storage::DatabaseError{std::string{loaded.error().detail()}};
    db.add_companion(index_);
}

void Log::load_tail(storage::Transaction& tx) {
    const auto text = tx.row<std::string>("SELECT value FROM meta WHERE name = 'indexed_up_to'").value();
    std::int64_t indexed_up_to = 0;
    std::from_chars(text.data(), text.data() + text.size(), indexed_up_to);
    next_id_ = indexed_up_to + 1;
    constexpr auto sql = "SELECT id, conversation_id, seq, kind, ordinal, at_us, actor_id FROM log WHERE id > $1 ORDER BY id";
    for (const auto& row : tx.rows<TailRow>(sql, indexed_up_to)) {
        const bool is_message = row.kind == static_cast<std::int64_t>(EventKind::message_created);
        tail_.add(row.conversation, {row.seq, row.id, row.ordinal, row.at, row.actor.value_or(UserId{}), is_message});
        next_id_ = row.id + 1;
    }
}

Log::Appended Log::append(storage::Transaction& tx, const NewEvent& event) {
    const bool is_message = event.kind == EventKind::message_created;
    const auto before = on(tx).head(event.conversation);
    const Appended appended{next_id_, before.seq + 1, before.ordinal + (is_message ? 1 : 0)};
    tx.run(
        "INSERT INTO log (id, conversation_id, seq, kind, at_us, actor_id, ordinal, target_seq, subject_id, text, client_id, mentions, flags) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        appended.log_id, event.conversation, appended.seq, static_cast<std::int64_t>(event.kind), event.at, event.actor, appended.ordinal,
        event.target_seq, event.subject, event.text, event.client_id, event.mentions, event.flags);
    if (event.client_id) {
        tx.run("INSERT INTO sent (client_id, sender_id, conversation_id, seq) VALUES ($1, $2, $3, $4)", *event.client_id, event.actor,
               event.conversation, appended.seq);
    }
    tail_.add(event.conversation, {appended.seq, appended.log_id, appended.ordinal, event.at, event.actor.value_or(UserId{}), is_message});
    ++next_id_;
    tx.on_undo([this, conversation = event.conversation] {
        tail_.remove_last(conversation);
        --next_id_;
    });
    return appended;
}

}  // namespace parley::chat
