// SPDX-License-Identifier: Apache-2.0
#include "chat/check.hpp"

#include "core/ids.hpp"

#include <fmt/format.h>
#include <cstdint>
#include <optional>
#include <string>

/// Of conversations that are not deleted: those are erased in slices, and may be half there.
namespace parley::chat {
namespace {

// In these texts 1 is EventKind::message_created.

void check_gaps(storage::Connection& db, const storage::OnFinding& found) {
    struct Gap {
        std::int64_t conversation, events, first, last;
    };
    for (const auto& gap :
         db.rows<Gap>("SELECT l.conversation_id, count(*), min(l.seq), max(l.seq) FROM log l JOIN conversations c ON c.id = l.conversation_id "
                      "WHERE c.deleted_at_us IS NULL GROUP BY l.conversation_id HAVING min(l.seq) <> 1 OR max(l.seq) <> count(DISTINCT l.seq) OR "
                      "count(*) <> count(DISTINCT l.seq) LIMIT 20")) {
        found(fmt::format("conversation {}: {} events from {} to {}: some are missing, or there twice", gap.conversation, gap.events, gap.first,
                          gap.last));
    }
    for (const auto id : db.rows<std::int64_t>(
             "SELECT DISTINCT l.conversation_id FROM log l WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = l.conversation_id) LIMIT 20"))
        found(fmt::format("conversation {}: there are events of it, but there is no such conversation", id));
}

void check_index(storage::Connection& db, std::int64_t indexed_up_to, const storage::OnFinding& found) {
    struct Place {
        std::int64_t conversation, seq;
    };
    for (const auto& place :
         db.rows<Place>("SELECT l.conversation_id, l.seq FROM log l JOIN conversations c ON c.id = l.conversation_id "
                        "LEFT JOIN by_position p ON p.conversation_id = l.conversation_id AND p.is_message = (l.kind = 1) AND p.seq = l.seq "
                        "WHERE l.id <= $1 AND c.deleted_at_us IS NULL AND (p.log_id IS NULL OR p.log_id <> l.id) LIMIT 20",
                        indexed_up_to))
        found(fmt::format("conversation {}: the index does not lead to event {}", place.conversation, place.seq));
    for (const auto& place : db.rows<Place>("SELECT p.conversation_id, p.seq FROM by_position p LEFT JOIN log l ON l.id = p.log_id "
                                            "WHERE l.id IS NULL OR l.conversation_id <> p.conversation_id OR l.seq <> p.seq LIMIT 20"))
        found(fmt::format("conversation {}: the index leads to event {}, which is not there", place.conversation, place.seq));
}

void check_repeats(storage::Connection& db, const storage::OnFinding& found) {
    struct Message {
        std::int64_t conversation, seq;
    };
    for (const auto& message : db.rows<Message>(
             "SELECT l.conversation_id, l.seq FROM log l WHERE l.client_id IS NOT NULL AND l.kind = 1 AND NOT EXISTS (SELECT 1 FROM sent s "
             "WHERE s.client_id = l.client_id AND s.sender_id = l.actor_id AND s.conversation_id = l.conversation_id AND s.seq = l.seq) LIMIT 20"))
        found(fmt::format("conversation {}: a repeat of message {} would not be known", message.conversation, message.seq));
}

void check_totals(storage::Connection& db, std::int64_t indexed_up_to, const storage::OnFinding& found) {
    struct Total {
        std::int64_t conversation, said;
        std::optional<std::int64_t> placed, last;
    };
    for (const auto& total : db.rows<Total>(
             "SELECT c.id, c.last_seq, (SELECT max(p.seq) FROM by_position p WHERE p.conversation_id = c.id AND p.log_id <= $1) AS placed, "
             "(SELECT max(l.seq) FROM by_position l WHERE l.conversation_id = c.id) AS last FROM conversations c "
             "WHERE c.deleted_at_us IS NULL AND (c.last_seq < coalesce(placed, 0) OR c.last_seq > coalesce(last, 0)) LIMIT 20",
             indexed_up_to))
        found(fmt::format("conversation {}: its last event is {}, not {}", total.conversation, total.last.value_or(0), total.said));
    struct Count {
        std::int64_t conversation, said, counted;
    };
    for (const auto& count : db.rows<Count>(
             "SELECT c.id, c.member_count, (SELECT count(*) FROM members m WHERE m.conversation_id = c.id) AS counted FROM conversations c "
             "WHERE c.deleted_at_us IS NULL AND c.member_count <> counted LIMIT 20"))
        found(fmt::format("conversation {}: it has {} members, not {}", count.conversation, count.counted, count.said));
}

}  // namespace

void check(storage::Connection& db, const storage::OnFinding& found) {
    const auto indexed = db.row<std::string>("SELECT value FROM meta WHERE name = 'indexed_up_to'");
    if (!indexed) return found("the database does not say how far its index goes");
    const auto indexed_up_to = std::stoll(*indexed);
    check_gaps(db, found);
    check_index(db, indexed_up_to, found);
    check_repeats(db, found);
    check_totals(db, indexed_up_to, found);
}

void rebuild(storage::Transaction& tx) {
    tx.run("DELETE FROM by_position");
    tx.run(
        "INSERT INTO by_position (conversation_id, is_message, seq, log_id) SELECT conversation_id, kind = 1, seq, id FROM log ORDER BY 1, 2, 3 "
        "ON CONFLICT DO NOTHING");
    tx.run("UPDATE meta SET value = (SELECT CAST(coalesce(max(id), 0) AS TEXT) FROM log) WHERE name = 'indexed_up_to'");
    tx.run("DELETE FROM sent");
    tx.run(
        "INSERT INTO sent (client_id, sender_id, conversation_id, seq) SELECT client_id, actor_id, conversation_id, seq FROM log "
        "WHERE client_id IS NOT NULL AND kind = 1 ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING");
    tx.run(
        "UPDATE conversations SET (last_seq, last_ordinal, last_log_id, last_at_us) = (SELECT l.seq, l.ordinal, l.id, l.at_us FROM log l "
        "JOIN by_position p ON p.log_id = l.id WHERE p.conversation_id = conversations.id ORDER BY l.seq DESC LIMIT 1), "
        "last_message_id = (SELECT p.log_id FROM by_position p WHERE p.conversation_id = conversations.id AND p.is_message = 1 ORDER BY p.seq "
        "DESC LIMIT 1) WHERE EXISTS (SELECT 1 FROM by_position p WHERE p.conversation_id = conversations.id)");
    tx.run(
        "UPDATE conversations SET member_count = (SELECT count(*) FROM members m WHERE m.conversation_id = conversations.id) "
        "WHERE deleted_at_us IS NULL");
}

}  // namespace parley::chat
