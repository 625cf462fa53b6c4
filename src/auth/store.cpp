// SPDX-License-Identifier: Apache-2.0
#include "auth/store.hpp"

#include <fmt/format.h>

namespace parley::auth {
namespace {

constexpr std::string_view columns =
    "s.id, s.user_id, s.kind, s.user_agent, s.ip, s.created_at_us, s.last_used_at_us, s.expires_at_us, s.revoked_at_us";

}  // namespace

SessionId insert_session(storage::Transaction& tx, const SessionRow& session, std::string_view refresh_hash) {
    return tx
        .row<SessionId>(
            "INSERT INTO sessions (user_id, kind, refresh_hash, user_agent, ip, created_at_us, last_used_at_us, expires_at_us) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
            session.user, session.kind, refresh_hash, session.user_agent, session.ip, session.created_at, session.last_used_at, session.expires_at)
        .value();
}

std::optional<SessionRow> find_session(storage::Connection& db, SessionId id) {
    static const auto sql = fmt::format("SELECT {} FROM sessions s WHERE s.id = $1", columns);
    return db.row<SessionRow>(sql, id);
}

std::optional<SessionRow> find_session_by_refresh_hash(storage::Connection& db, std::string_view refresh_hash) {
    static const auto sql = fmt::format("SELECT {} FROM sessions s WHERE s.refresh_hash = $1", columns);
    return db.row<SessionRow>(sql, refresh_hash);
}

std::optional<SessionRow> find_session_by_spent_hash(storage::Connection& db, std::string_view refresh_hash) {
    static const auto sql =
        fmt::format("SELECT {} FROM spent_refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.refresh_hash = $1", columns);
    return db.row<SessionRow>(sql, refresh_hash);
}

std::vector<SessionRow> live_sessions_of(storage::Connection& db, UserId user, Timestamp now, std::int64_t limit) {
    static const auto sql = fmt::format(
        "SELECT {} FROM sessions s WHERE s.user_id = $1 AND s.revoked_at_us IS NULL AND s.expires_at_us > $2 ORDER BY s.id DESC LIMIT $3", columns);
    return db.rows<SessionRow>(sql, user, now, limit);
}

void rotate_refresh_hash(storage::Transaction& tx, SessionId id, std::string_view old_hash, std::string_view new_hash, Timestamp now,
                         Timestamp expires_at) {
    tx.run("INSERT INTO spent_refresh_tokens (refresh_hash, session_id) VALUES ($1, $2)", old_hash, id);
    tx.run("UPDATE sessions SET refresh_hash = $2, last_used_at_us = $3, expires_at_us = $4 WHERE id = $1", id, new_hash, now, expires_at);
}

void touch_session(storage::Transaction& tx, SessionId id, Timestamp now) {
    tx.run("UPDATE sessions SET last_used_at_us = $2 WHERE id = $1", id, now);
}
void set_revoked(storage::Transaction& tx, SessionId id, Timestamp now) { tx.run("UPDATE sessions SET revoked_at_us = $2 WHERE id = $1", id, now); }

std::vector<SessionId> revoked_since(storage::Connection& db, Timestamp since) {
    return db.rows<SessionId>("SELECT id FROM sessions WHERE revoked_at_us >= $1 ORDER BY revoked_at_us", since);
}

std::int64_t purge_sessions(storage::Transaction& tx, Timestamp before, std::int64_t limit) {
    const auto ended = tx.rows<SessionId>("SELECT id FROM sessions WHERE expires_at_us < $1 ORDER BY expires_at_us LIMIT $2", before, limit);
    for (const auto id : ended) {
        tx.run("DELETE FROM spent_refresh_tokens WHERE session_id = $1", id);
        tx.run("DELETE FROM tickets WHERE session_id = $1", id);
        tx.run("DELETE FROM sessions WHERE id = $1", id);
    }
    return std::ssize(ended);
}

void insert_ticket(storage::Transaction& tx, std::string_view ticket_hash, const TicketRow& ticket) {
    tx.run("INSERT INTO tickets (ticket_hash, session_id, token_expires_at_us, expires_at_us) VALUES ($1, $2, $3, $4)", ticket_hash, ticket.session,
           ticket.token_expires_at, ticket.expires_at);
}

std::optional<TicketRow> take_ticket(storage::Transaction& tx, std::string_view ticket_hash) {
    return tx.row<TicketRow>("DELETE FROM tickets WHERE ticket_hash = $1 RETURNING session_id, token_expires_at_us, expires_at_us", ticket_hash);
}

void purge_tickets(storage::Transaction& tx, Timestamp before) { tx.run("DELETE FROM tickets WHERE expires_at_us < $1", before); }

}  // namespace parley::auth
