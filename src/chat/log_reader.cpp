// SPDX-License-Identifier: Apache-2.0
#include "chat/log_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <string>

namespace parley::chat {
namespace {

struct StoredHead {
    Seq seq;
    std::int64_t ordinal;
    Timestamp at;
};

constexpr std::string_view columns =
    "l.id, l.conversation_id, l.seq, l.kind, l.at_us, l.actor_id, l.ordinal, l.target_seq, l.subject_id, l.text, l.client_id, l.mentions, l.flags, "
    "l.edited_at_us, l.deleted_at_us, l.original_fingerprint";

/// One event by its log id.
const std::string& row_by_id() {
    static const auto sql = fmt::format("SELECT {} FROM log l WHERE l.id = $1", columns);
    return sql;
}

/// Two lists in order as one; an event is in both while its run is being placed.
template <class Row>
std::vector<Row> merged(std::vector<Row> placed, std::vector<Row> unplaced) {
    if (unplaced.empty()) return placed;
    std::vector<Row> all;
    all.reserve(placed.size() + unplaced.size());
    std::merge(std::move_iterator{placed.begin()}, std::move_iterator{placed.end()}, std::move_iterator{unplaced.begin()},
               std::move_iterator{unplaced.end()}, std::back_inserter(all), [](const Row& a, const Row& b) { return a.seq < b.seq; });
    const auto twins = std::ranges::unique(all, {}, &Row::seq);
    all.erase(twins.begin(), twins.end());
    return all;
}

/// The id of the last event a snapshot holds. The writer's own view has no end: it sees its batch.
std::int64_t last_log_id(storage::Connection& db) {
    if (db.is_writer()) return LogTail::everything;
    return db.row<std::optional<std::int64_t>>("SELECT max(id) FROM log").value_or(std::nullopt).value_or(0);
}

}  // namespace

std::string_view event_name(EventKind kind) noexcept {
    static constexpr std::array<std::string_view, 15> names{
        "",
        "message.created",
        "message.edited",
        "message.deleted",
        "reaction.added",
        "reaction.removed",
        "message.pinned",
        "message.unpinned",
        "member.joined",
        "member.left",
        "member.role_changed",
        "conversation.updated",
        "conversation.deleted",
        "file.expired",
        "file.deleted",
    };
    return names.at(static_cast<std::size_t>(kind));
}

LogReader::LogReader(storage::Connection& db, const LogTail& tail) : db_(db), tail_(tail), view_{db.revision(), last_log_id(db)} {}

std::optional<LogRow> LogReader::find(ConversationId conversation, Seq seq) const {
    auto found = events(conversation, seq - 1, 1);
    if (found.empty() || found.front().seq != seq) return std::nullopt;
    return std::move(found.front());
}

std::optional<LogRow> LogReader::find_message(ConversationId conversation, Seq seq) const {
    if (seq < 1 || seq >= max_id) return std::nullopt;
    auto found = messages(conversation, seq - 1, seq + 1, 1, From::oldest);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::optional<Seq> LogReader::find_by_client_id(ConversationId conversation, UserId sender, std::string_view client_id) const {
    return db_.row<Seq>("SELECT seq FROM sent WHERE client_id = $1 AND sender_id = $2 AND conversation_id = $3", client_id, sender, conversation);
}

std::vector<LogRow> LogReader::events(ConversationId conversation, Seq after, std::int64_t limit) const {
    // Two ranges of the index, each in order: events that are no messages, and messages.
    static const auto sql = fmt::format(
        "SELECT {} FROM by_position p JOIN log l ON l.id = p.log_id WHERE p.conversation_id = $1 AND p.is_message = $2 AND p.seq > $3 ORDER BY p.seq "
        "LIMIT $4",
        columns);
    const auto unplaced = tail_.range(view_, conversation, after, max_id, false, static_cast<std::size_t>(limit), false);
    auto placed = merged(db_.rows<LogRow>(sql, conversation, 0, after, limit), db_.rows<LogRow>(sql, conversation, 1, after, limit));
    auto all = merged(std::move(placed), rows_of(unplaced));
    if (std::ssize(all) > limit) all.resize(static_cast<std::size_t>(limit));
    return all;
}

std::vector<LogRow> LogReader::messages(ConversationId conversation, Seq after, Seq before, std::int64_t limit, From from) const {
    static const auto ascending = fmt::format(
        "SELECT {} FROM by_position p JOIN log l ON l.id = p.log_id "
        "WHERE p.conversation_id = $1 AND p.is_message = 1 AND p.seq > $2 AND p.seq < $3 ORDER BY p.seq LIMIT $4",
        columns);
    static const auto descending = fmt::format(
        "SELECT {} FROM by_position p JOIN log l ON l.id = p.log_id "
        "WHERE p.conversation_id = $1 AND p.is_message = 1 AND p.seq > $2 AND p.seq < $3 ORDER BY p.seq DESC LIMIT $4",
        columns);
    const bool newest = from == From::newest;
    const auto unplaced = tail_.range(view_, conversation, after, before, true, static_cast<std::size_t>(limit), newest);
    if (newest && std::ssize(unplaced) == limit) return rows_of(unplaced);  // the newest page of a busy conversation: all in the tail
    auto placed = db_.rows<LogRow>(newest ? descending : ascending, conversation, after, before, limit);
    if (newest) std::ranges::reverse(placed);
    auto all = merged(std::move(placed), rows_of(unplaced));
    const auto excess = std::ssize(all) - limit;
    if (excess > 0 && newest) all.erase(all.begin(), all.begin() + excess);
    if (excess > 0 && !newest) all.resize(static_cast<std::size_t>(limit));
    return all;
}

template <class Row>
std::vector<Row> LogReader::rows_of(const std::vector<TailEntry>& entries, const std::string& sql) const {
    std::vector<Row> rows;
    rows.reserve(entries.size());
    for (const auto& entry : entries) {
        if (auto row = db_.row<Row>(sql, entry.log_id)) rows.push_back(*std::move(row));
    }
    return rows;
}

std::vector<LogRow> LogReader::rows_of(const std::vector<TailEntry>& entries) const { return rows_of<LogRow>(entries, row_by_id()); }

std::vector<EventOutline> LogReader::outlines(ConversationId conversation, Seq after) const {
    static const std::string one = "SELECT l.id, l.seq, l.kind, l.subject_id FROM log l WHERE l.id = $1";
    constexpr auto range =
        "SELECT l.id, l.seq, l.kind, l.subject_id FROM by_position p JOIN log l ON l.id = p.log_id "
        "WHERE p.conversation_id = $1 AND p.is_message = $2 AND p.seq > $3 ORDER BY p.seq";
    const auto unplaced = tail_.range(view_, conversation, after, max_id, false, tail_.size(), false);
    auto placed = merged(db_.rows<EventOutline>(range, conversation, 0, after), db_.rows<EventOutline>(range, conversation, 1, after));
    return merged(std::move(placed), rows_of<EventOutline>(unplaced, one));
}

std::optional<LogRow> LogReader::find_by_id(std::int64_t log_id) const { return db_.row<LogRow>(row_by_id(), log_id); }

bool LogReader::has_passed(std::int64_t log_id) const {
    return log_id <= last_id() || log_id <= std::stoll(db_.row<std::string>("SELECT value FROM meta WHERE name = 'indexed_up_to'").value());
}

std::int64_t LogReader::last_id_of(ConversationId conversation) const {
    const auto stored = db_.row<std::int64_t>("SELECT last_log_id FROM conversations WHERE id = $1", conversation).value_or(0);
    return std::max(stored, last_unplaced_id(conversation));
}

std::optional<LogRow> LogReader::last_message(ConversationId conversation) const {
    auto found = messages(conversation, 0, max_id, 1, From::newest);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

Head LogReader::head(ConversationId conversation) const {
    if (const auto last = tail_.last(view_, conversation)) return {last->seq, last->ordinal, last->at};
    const auto stored = db_.row<StoredHead>("SELECT last_seq, last_ordinal, last_at_us FROM conversations WHERE id = $1", conversation);
    return stored ? Head{stored->seq, stored->ordinal, stored->at} : Head{};
}

std::int64_t LogReader::ordinal_at(ConversationId conversation, Seq seq) const {
    const auto found = messages(conversation, 0, seq + 1, 1, From::newest);
    return found.empty() ? 0 : found.front().ordinal;
}

Mark LogReader::mark(ConversationId conversation, UserId user, Mark stored) const {
    const auto own = tail_.last_message_of(view_, conversation, user);
    if (own && own->seq > stored.seq) return {own->seq, own->ordinal};
    return stored;
}

std::int64_t LogReader::unread(ConversationId conversation, const Head& head, const Mark& mark) const {
    if (head.ordinal <= mark.ordinal) return 0;
    const auto deleted = db_.row<std::int64_t>("SELECT count(*) FROM log WHERE conversation_id = $1 AND ordinal > $2 AND deleted_at_us IS NOT NULL",
                                               conversation, mark.ordinal)
                             .value_or(0);
    return std::max<std::int64_t>(0, head.ordinal - mark.ordinal - deleted);
}

}  // namespace parley::chat
