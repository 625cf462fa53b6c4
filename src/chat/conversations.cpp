// SPDX-License-Identifier: Apache-2.0
#include "chat/conversations.hpp"

#include "chat/announcements.hpp"
#include "chat/recorder.hpp"
#include "chat/view.hpp"
#include "core/errors.hpp"
#include "groups/errors.hpp"
#include "groups/store.hpp"
#include "users/store.hpp"

#include <algorithm>
#include <memory>

namespace parley::chat {
namespace {

/// A conversation of one's own and when something last happened there, by what is stored.
struct OwnRow {
    ConversationId id;
    std::int64_t last_log_id;
    std::int64_t changed_at_id;
};

/// All of a user's, the latest activity first. Reads them all: which one is the latest only the tail knows.
std::vector<OwnRow> own_by_activity(storage::Connection& db, const LogReader& log, UserId user) {
    auto rows = db.rows<OwnRow>(
        "SELECT c.id, c.last_log_id, m.changed_at_id FROM members m JOIN conversations c ON c.id = m.conversation_id "
        "WHERE m.user_id = $1 AND c.deleted_at_us IS NULL",
        user);
    for (auto& row : rows) row.last_log_id = std::max(row.last_log_id, log.last_unplaced_id(row.id));
    std::ranges::sort(rows, std::ranges::greater{}, &OwnRow::last_log_id);
    return rows;
}

/// FNV-1a of the items, in the order of their conversations.
std::uint64_t digest_of(std::vector<SyncItem> items) {
    constexpr std::uint64_t prime = 0x100000001b3;
    std::ranges::sort(items, {}, &SyncItem::id);
    std::uint64_t digest = 0xcbf29ce484222325;
    for (const auto& item : items) {
        for (const auto number : {item.id.value, item.last_seq, item.last_read_seq, item.unread_count}) {
            for (int shift = 0; shift < 64; shift += 8) digest = (digest ^ ((static_cast<std::uint64_t>(number) >> shift) & 0xff)) * prime;
        }
    }
    return digest;
}

Result<Conversation> show(storage::Connection& db, const LogReader& log, ConversationId id, UserId viewer, Timestamp now) {
    TRY(const auto row, groups::require_visible(db, id, viewer));
    return to_conversation(db, log, row, groups::find_member(db, id, viewer), now);
}

}  // namespace

Task<Result<Conversation>> Conversations::find(Caller caller, ConversationId id) {
    co_return co_await context_.db.read(
        [&](storage::Connection& db) -> Result<Conversation> { return show(db, context_.log.on(db), id, caller.user, context_.clock.now()); });
}

Task<Result<Conversations::List>> Conversations::list(Caller caller, std::optional<std::int64_t> before, std::int64_t limit) {
    co_return co_await context_.db.read([&](storage::Connection& db) -> Result<List> {
        const auto log = context_.log.on(db);
        const auto rows = own_by_activity(db, log, caller.user);
        List list;
        for (const auto& row : rows) {
            if (before && row.last_log_id >= *before) continue;
            if (std::ssize(list.items) == limit) return list;
            TRY(auto shown, show(db, log, row.id, caller.user, context_.clock.now()));
            list.items.push_back(std::move(shown));
            list.next = row.last_log_id;
        }
        list.next.reset();
        return list;
    });
}

Task<Result<Conversations::Opened>> Conversations::open_direct(Caller caller, UserId peer) {
    if (peer == caller.user) co_return fail(Error::of_fields({{&groups::errors::with_oneself, "/user_id", {}}}));
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<Opened> {
        const auto now = context_.clock.now();
        const auto log = context_.log.on(tx);
        const auto unique_name = groups::direct_name(caller.user, peer);
        if (const auto known = groups::find_by_unique_name(tx, unique_name)) {
            TRY(auto shown, show(tx, log, *known, caller.user, now));
            return Opened{std::move(shown), false};
        }
        if (!users::find_user(tx, peer)) return fail(parley::errors::not_found);
        const auto id =
            groups::insert_conversation(tx, {groups::ConversationKind::direct, "", "", groups::Visibility::private_group, unique_name}, now).value();
        Recorder recorder{context_.log, tx, now};
        for (const auto user : {caller.user, peer}) {
            const auto changed_at = context_.log.next_id();
            const auto seq = recorder.member(EventKind::member_joined, id, user, groups::Role::member, caller.user);
            groups::insert_member(tx, {.conversation = id, .user = user, .role = groups::Role::member, .last_read_seq = seq, .joined_at = now},
                                  changed_at);
        }
        TRY(auto shown, show(tx, log, id, caller.user, now));
        return Opened{std::move(shown), true};
    });
}

Task<Result<Conversation>> Conversations::mute(Caller caller, ConversationId id, std::optional<Timestamp> until) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<Conversation> {
        CHECK(groups::require_member(tx, id, caller.user));
        groups::set_mute(tx, id, caller.user, until, context_.log.next_id());
        return show(tx, context_.log.on(tx), id, caller.user, context_.clock.now());
    });
}

Task<Result<ReadMark>> Conversations::read_up_to(Caller caller, ConversationId id, Seq seq) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<ReadMark> {
        TRY(auto member, groups::require_member(tx, id, caller.user));
        const auto log = context_.log.on(tx);
        const auto head = log.head(id);
        const auto wanted = std::clamp<Seq>(seq, 0, head.seq);
        const auto present = log.mark(id, caller.user, {member.last_read_seq, member.last_read_ordinal});
        if (wanted > present.seq) {
            member.last_read_seq = wanted;
            member.last_read_ordinal = log.ordinal_at(id, wanted);
            groups::raise_mark(tx, id, caller.user, wanted, member.last_read_ordinal, context_.log.next_id());
            tx.announce(std::make_unique<ReadMarkMoved>(id, caller.user, wanted));
        }
        return read_mark(log, member, head);
    });
}

Task<Result<Conversations::Changes>> Conversations::sync(Caller caller, std::optional<SyncPosition> after) {
    co_return co_await context_.db.read([&](storage::Connection& db) -> Result<Changes> {
        const auto log = context_.log.on(db);
        Changes changes;
        changes.sync.epoch = context_.epoch;
        changes.position.log_id = log.last_id();
        std::vector<SyncItem> known, edge;  // what the last cursor may have told already, and what this one tells ahead of the log
        for (const auto& row : own_by_activity(db, log, caller.user)) {
            if (after && std::max(row.last_log_id, row.changed_at_id) <= after->log_id) continue;
            const auto head = log.head(row.id);
            const auto mark = read_mark(log, groups::find_member(db, row.id, caller.user).value(), head);
            const SyncItem item{row.id, head.seq, mark.last_read_seq, mark.unread_count};
            if (row.changed_at_id > log.last_id()) edge.push_back(item);
            if (after && row.last_log_id <= after->log_id && row.changed_at_id == after->log_id + 1) known.push_back(item);
            else changes.sync.conversations.push_back(item);
        }
        changes.position.edge = digest_of(std::move(edge));
        if (!known.empty() && digest_of(known) != after->edge)
            changes.sync.conversations.insert(changes.sync.conversations.end(), known.begin(), known.end());
        return changes;
    });
}

}  // namespace parley::chat
