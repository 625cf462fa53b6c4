// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/types.hpp"
#include "storage/transaction.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace parley::auth {

SessionId insert_session(storage::Transaction& tx, const SessionRow& session, std::string_view refresh_hash);
std::optional<SessionRow> find_session(storage::Connection& db, SessionId id);
std::optional<SessionRow> find_session_by_refresh_hash(storage::Connection& db, std::string_view refresh_hash);
/// The session that a refresh token belonged to which was rotated away.
std::optional<SessionRow> find_session_by_spent_hash(storage::Connection& db, std::string_view refresh_hash);
/// Sessions that have not ended at `now`, the newest first; at most `limit`.
std::vector<SessionRow> live_sessions_of(storage::Connection& db, UserId user, Timestamp now, std::int64_t limit);

/// Puts a new refresh token in the place of the old one, which is remembered as spent.
void rotate_refresh_hash(storage::Transaction& tx, SessionId id, std::string_view old_hash, std::string_view new_hash, Timestamp now,
                         Timestamp expires_at);
void touch_session(storage::Transaction& tx, SessionId id, Timestamp now);
void set_revoked(storage::Transaction& tx, SessionId id, Timestamp now);
/// Sessions revoked after `since`: whose access tokens may not have expired by themselves yet.
std::vector<SessionId> revoked_since(storage::Connection& db, Timestamp since);
/// Deletes up to `limit` sessions that ended before `before`, with what belongs to them; returns how many.
std::int64_t purge_sessions(storage::Transaction& tx, Timestamp before, std::int64_t limit);

struct TicketRow {
    SessionId session;
    Timestamp token_expires_at;
    Timestamp expires_at;
};
void insert_ticket(storage::Transaction& tx, std::string_view ticket_hash, const TicketRow& ticket);
/// Takes a ticket away, so that nobody uses it again.
std::optional<TicketRow> take_ticket(storage::Transaction& tx, std::string_view ticket_hash);
void purge_tickets(storage::Transaction& tx, Timestamp before);

}  // namespace parley::auth
