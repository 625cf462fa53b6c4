// SPDX-License-Identifier: Apache-2.0
#include "auth/sessions.hpp"

#include "auth/announcements.hpp"
#include "auth/errors.hpp"
#include "auth/refresh_token.hpp"
#include "core/errors.hpp"
#include "core/sha256.hpp"

#include <algorithm>

namespace parley::auth {
namespace {

constexpr std::int64_t most_sessions_listed = 200;
constexpr std::int64_t purge_slice = 500;

}  // namespace

Sessions::Sessions(storage::Database& db, const KeyRing& ring, const Clock& clock, Random& random, SessionTimes times)
    : db_(db),
      ring_(ring),
      clock_(clock),
      random_(random),
      times_(times) {}

std::string Sessions::access_token(SessionId session, UserId user, Timestamp now, std::chrono::milliseconds life) {
    return issue_token(ring_, {.kind = TokenKind::access, .user = user, .session = session, .issued_at = now, .expires_at = now + life}, random_);
}

TokenPair Sessions::begin(storage::Transaction& tx, UserId user, SessionKind kind, const Device& device) {
    const auto now = clock_.now();
    const bool origin = kind == SessionKind::origin;
    const auto refresh = make_refresh_token(random_);
    SessionRow row{.user = user, .kind = kind, .user_agent = device.user_agent, .ip = device.ip, .created_at = now, .last_used_at = now};
    row.expires_at = now + (origin ? times_.origin_session : times_.refresh_token);
    row.id = insert_session(tx, row, refresh_token_hash(refresh).value());
    const auto life = origin ? times_.origin_access_token : times_.access_token;
    return {row.id, user, access_token(row.id, user, now, life), refresh, std::chrono::duration_cast<std::chrono::seconds>(life)};
}

Result<SessionRow> Sessions::session_of(storage::Connection& db, std::string_view refresh_hash, SessionKind kind, Timestamp now) {
    const auto session = find_session_by_refresh_hash(db, refresh_hash);
    if (!session || session->kind != kind || session->revoked_at || session->expires_at <= now) return fail(errors::invalid_refresh_token);
    return *session;
}

Task<Result<TokenPair>> Sessions::refresh(std::string token) {
    const auto hash = refresh_token_hash(token);
    if (!hash) co_return fail(errors::invalid_refresh_token);
    const auto fresh = make_refresh_token(random_);
    // Nothing if the token is no good: the session of a spent one has then ended, and that has to be committed.
    auto traded = co_await db_.write([&](storage::Transaction& tx) -> Result<std::optional<TokenPair>> {
        const auto now = clock_.now();
        if (const auto stolen = find_session_by_spent_hash(tx, *hash)) {
            if (!stolen->revoked_at) revoke_row(tx, *stolen, now);
            return std::nullopt;
        }
        const auto session = session_of(tx, *hash, SessionKind::parley, now);
        if (!session) return std::nullopt;
        const auto end = std::min(now + times_.refresh_token, session->created_at + times_.longest_session);
        rotate_refresh_hash(tx, session->id, *hash, refresh_token_hash(fresh).value(), now, end);
        return TokenPair{session->id, session->user, access_token(session->id, session->user, now, times_.access_token), fresh,
                         std::chrono::duration_cast<std::chrono::seconds>(times_.access_token)};
    });
    if (!traded) co_return std::unexpected(std::move(traded).error());
    if (!*traded) co_return fail(errors::invalid_refresh_token);
    co_return **std::move(traded);
}

Task<Result<std::string>> Sessions::refresh_origin(std::string token) {
    const auto hash = refresh_token_hash(token);
    if (!hash) co_return fail(errors::invalid_refresh_token);
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<std::string> {
        const auto now = clock_.now();
        TRY(const auto session, session_of(tx, *hash, SessionKind::origin, now));
        touch_session(tx, session.id, now);
        return access_token(session.id, session.user, now, times_.origin_access_token);
    });
}

Task<Result<void>> Sessions::verify_origin(std::string token) {
    const auto hash = refresh_token_hash(token);
    if (!hash) co_return fail(errors::invalid_refresh_token);
    co_return co_await db_.read([&](storage::Connection& db) -> Result<void> {
        CHECK(session_of(db, *hash, SessionKind::origin, clock_.now()));
        return {};
    });
}

Task<Result<SessionList>> Sessions::list(Caller caller) {
    co_return co_await db_.read([&](storage::Connection& db) -> Result<SessionList> {
        SessionList list;
        for (auto& row : live_sessions_of(db, caller.user, clock_.now(), most_sessions_listed)) {
            list.items.push_back({row.id, std::move(row.user_agent), std::move(row.ip), row.created_at, row.last_used_at, row.id == caller.session});
        }
        return list;
    });
}

Task<Result<void>> Sessions::revoke(Caller caller, SessionId id) {
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
        const auto session = find_session(tx, id);
        if (!session || session->user != caller.user || session->revoked_at || session->expires_at <= clock_.now())
            return fail(parley::errors::not_found);
        revoke_row(tx, *session, clock_.now());
        return {};
    });
}

void Sessions::revoke_row(storage::Transaction& tx, const SessionRow& session, Timestamp now) {
    set_revoked(tx, session.id, now);
    tx.announce(std::make_unique<SessionRevoked>(session.id, session.user));
}

void Sessions::revoke_others(storage::Transaction& tx, UserId user, std::optional<SessionId> keep) {
    const auto now = clock_.now();
    for (;;) {
        auto sessions = live_sessions_of(tx, user, now, purge_slice);
        std::erase_if(sessions, [&](const SessionRow& session) { return session.id == keep; });
        if (sessions.empty()) return;
        for (const auto& session : sessions) revoke_row(tx, session, now);
    }
}

Task<Result<Ticket>> Sessions::make_ticket(Caller caller) {
    const auto ticket = random_.token();
    CO_CHECK(co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
        insert_ticket(tx, sha256_hex(ticket), {caller.session, caller.token_expires_at, clock_.now() + ticket_life});
        return {};
    }));
    co_return Ticket{ticket, ticket_life.count()};
}

Task<Result<Caller>> Sessions::redeem_ticket(std::string ticket) {
    // A ticket is gone once it was looked at, good or not.
    auto found = co_await db_.write([&](storage::Transaction& tx) -> Result<std::optional<Caller>> {
        const auto row = take_ticket(tx, sha256_hex(ticket));
        if (!row || row->expires_at <= clock_.now() || row->token_expires_at <= clock_.now()) return std::nullopt;
        const auto session = find_session(tx, row->session);
        if (!session || session->revoked_at) return std::nullopt;
        return Caller{session->user, session->id, row->token_expires_at};
    });
    if (!found) co_return std::unexpected(std::move(found).error());
    if (!*found) co_return fail(errors::invalid_ticket);
    co_return **found;
}

Task<Result<bool>> Sessions::purge() {
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<bool> {
        const auto now = clock_.now();
        purge_tickets(tx, now);
        return purge_sessions(tx, now, purge_slice) == purge_slice;
    });
}

}  // namespace parley::auth
