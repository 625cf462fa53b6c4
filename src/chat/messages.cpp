// SPDX-License-Identifier: Apache-2.0
#include "chat/messages.hpp"

#include "chat/errors.hpp"
#include "chat/recorder.hpp"
#include "chat/text.hpp"
#include "chat/view.hpp"
#include "core/encoding.hpp"
#include "core/errors.hpp"
#include "core/json/errors.hpp"
#include "core/sha256.hpp"
#include "files/errors.hpp"
#include "files/store.hpp"
#include "groups/errors.hpp"
#include "groups/rules.hpp"
#include "groups/store.hpp"
#include "users/display_name.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace parley::chat {
namespace {

Error at(std::string pointer, const ErrorKind& kind) { return Error::of_fields({{&kind, std::move(pointer), {}}}); }

const std::vector<FileId>& files_in(const MessageDraft& draft) {
    static const std::vector<FileId> none;
    return draft.file_ids ? *draft.file_ids : none;
}

/// The draft's files, which have to be the sender's own and complete. Errors, with their pointers: not_usable, not_ready.
Result<std::vector<files::FileRow>> require_files(storage::Connection& db, UserId sender, const MessageDraft& draft, Timestamp now) {
    std::vector<files::FileRow> found;
    for (const auto id : files_in(draft)) {
        const auto pointer = fmt::format("/file_ids/{}", found.size());
        auto file = files::find_file(db, id);
        if (!file || file->uploader != sender) return fail(at(pointer, files::errors::not_usable));
        const auto state = file->state_at(now);
        if (state == files::FileState::uploading || state == files::FileState::scanning) return fail(at(pointer, files::errors::not_ready));
        if (state != files::FileState::ready) return fail(at(pointer, files::errors::not_usable));
        found.push_back(*std::move(file));
    }
    return found;
}

void write_flags(storage::Transaction& tx, const LogRow& row) { tx.run("UPDATE log SET flags = $2 WHERE id = $1", row.id, row.flags); }

}  // namespace

Result<void> Messages::check_text(std::string_view text, bool may_be_blank) const {
    if (text.size() > context_.limits.message_text_bytes) return fail(at("/text", json::errors::too_long));
    if (text.find('\0') != std::string_view::npos) return fail(at("/text", json::errors::invalid_value));
    if (!may_be_blank && users::is_blank(text)) return fail(at("/text", errors::empty_message));
    return {};
}

Result<void> Messages::validate(const MessageDraft& draft) const {
    auto ids = files_in(draft);
    if (ids.size() > context_.limits.files_per_message) return fail(at("/file_ids", json::errors::too_many_items));
    CHECK(check_text(draft.text.value_or(""), !ids.empty()));
    if (draft.client_id && !is_client_id(*draft.client_id)) return fail(at("/client_id", errors::invalid_client_id));
    std::ranges::sort(ids);
    if (std::ranges::adjacent_find(ids) != ids.end()) return fail(at("/file_ids", files::errors::not_usable));
    return {};
}

Task<Result<Posted>> Messages::post(Caller caller, ConversationId conversation, MessageDraft draft) {
    CO_CHECK(validate(draft));
    co_return co_await context_.db.write_checked([&](storage::Transaction& tx) -> Result<Posted> {
        CHECK(groups::check_member(tx, conversation, caller.user));
        if (draft.client_id) {
            const auto log = context_.log.on(tx);
            if (const auto earlier = log.find_by_client_id(conversation, caller.user, *draft.client_id))
                return repeat(tx, log.find(conversation, *earlier).value(), draft);
        }
        return append(tx, caller.user, conversation, draft);
    });
}

Result<Posted> Messages::append(storage::Transaction& tx, UserId sender, ConversationId conversation, const MessageDraft& draft) {
    CHECK(tx.require_room());
    const auto now = context_.clock.now();
    if (draft.reply_to_seq && !context_.log.on(tx).find_message(conversation, *draft.reply_to_seq))
        return fail(at("/reply_to_seq", errors::no_such_message));
    TRY(const auto carried, require_files(tx, sender, draft, now));
    const bool blank = !draft.text || draft.text->empty();
    Message message{
        .conversation_id = conversation, .sender_id = sender, .client_id = draft.client_id, .reply_to_seq = draft.reply_to_seq, .created_at = now};
    if (!blank) message.text = draft.text;
    for (const auto& file : carried) message.files.push_back(files::to_file(file, now));
    if (!blank && draft.text->find('@') != std::string::npos) message.mentions = find_mentions(tx, context_.names, conversation, *draft.text);
    const auto mentions = json::to_json(message.mentions);
    NewEvent event{.conversation = conversation, .kind = EventKind::message_created, .at = now, .actor = sender, .target_seq = draft.reply_to_seq};
    if (!blank) event.text = *draft.text;
    if (draft.client_id) event.client_id = *draft.client_id;
    if (!message.mentions.empty()) event.mentions = mentions;
    if (!carried.empty()) event.flags = MessageFlags::files;
    const auto appended = context_.log.append(tx, event);
    message.seq = appended.seq;
    for (std::size_t i = 0; i < carried.size(); ++i) files::insert_use(tx, {conversation, appended.seq}, static_cast<std::int64_t>(i), carried[i].id);
    Recorder{context_.log, tx, now}.message_created(event, message, appended);
    return Posted{std::move(message), false};
}

Result<Posted> Messages::repeat(storage::Transaction& tx, const LogRow& earlier, const MessageDraft& draft) const {
    const auto text = draft.text && !draft.text->empty() ? draft.text : std::nullopt;
    const auto sent = earlier.original_fingerprint ? *earlier.original_fingerprint : fingerprint_of(tx, earlier);
    if (fingerprint(text, draft.reply_to_seq, files_in(draft)) != sent) return fail(errors::client_id_reused);
    return Posted{to_message(tx, earlier, context_.clock.now()), true};
}

/// What was sent, as a keyed hash: when the text is edited or deleted this stays, to tell a repeat from another message, and gives nothing away.
std::string Messages::fingerprint(const std::optional<std::string>& text, std::optional<Seq> reply_to, const std::vector<FileId>& file_ids) const {
    std::string content = text ? "t" + *text : std::string{"-"};
    content += fmt::format("\n{}\n", reply_to.value_or(0));
    for (const auto id : file_ids) content += fmt::format("{} ", id.value);
    const auto digest = hmac_sha256(context_.fingerprint_key, content);
    return hex_encode(std::span{digest}.first(16));
}

std::string Messages::fingerprint_of(storage::Connection& db, const LogRow& row) const {
    std::vector<FileId> ids;
    if ((row.flags & MessageFlags::files) != 0) {
        for (const auto& file : files::files_of_message(db, row.conversation, row.seq)) ids.push_back(file.id);
    }
    return fingerprint(row.text, row.target_seq, ids);
}

Result<LogRow> Messages::require_living(storage::Transaction& tx, ConversationId conversation, Seq seq) const {
    auto row = context_.log.on(tx).find_message(conversation, seq);
    if (!row) return fail(parley::errors::not_found);
    if (row->deleted_at) return fail(errors::message_deleted);
    return *std::move(row);
}

Task<Result<Messages::Edited>> Messages::edit(Caller caller, ConversationId conversation, Seq seq, std::string text) {
    CO_CHECK(check_text(text, true));
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<Edited> {
        CHECK(groups::require_member(tx, conversation, caller.user));
        TRY(auto row, require_living(tx, conversation, seq));
        if (row.actor != caller.user) return fail(errors::not_author);
        CHECK(check_text(text, (row.flags & MessageFlags::files) != 0));
        const auto now = context_.clock.now();
        if (row.text.value_or("") == text) return Edited{to_message(tx, row, now), std::nullopt};
        if (!row.original_fingerprint) row.original_fingerprint = fingerprint_of(tx, row);
        const auto mentions = find_mentions(tx, context_.names, conversation, text);
        row.text = text.empty() ? std::nullopt : std::optional{text};
        row.mentions = mentions.empty() ? std::nullopt : std::optional{json::to_json(mentions)};
        row.edited_at = now;
        tx.run("UPDATE log SET text = $2, mentions = $3, edited_at_us = $4, original_fingerprint = $5 WHERE id = $1", row.id, row.text, row.mentions,
               row.edited_at, row.original_fingerprint);
        tx.scrub();
        auto message = to_message(tx, row, now);
        const auto event = Recorder{context_.log, tx, now}.message_edited(message, caller.user);
        return Edited{std::move(message), event};
    });
}

Task<Result<std::optional<Seq>>> Messages::remove(Caller caller, ConversationId conversation, Seq seq) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<std::optional<Seq>> {
        TRY(const auto member, groups::require_member(tx, conversation, caller.user));
        auto row = context_.log.on(tx).find_message(conversation, seq);
        if (!row) return fail(parley::errors::not_found);
        if (!groups::may_delete_message(member.role, row->actor == caller.user)) return fail(errors::may_not_delete);
        if (row->deleted_at) return std::nullopt;
        const auto now = context_.clock.now();
        if (!row->original_fingerprint) row->original_fingerprint = fingerprint_of(tx, *row);
        tx.run("UPDATE log SET text = NULL, mentions = NULL, flags = 0, deleted_at_us = $2, original_fingerprint = $3 WHERE id = $1", row->id, now,
               row->original_fingerprint);
        tx.run("DELETE FROM reactions WHERE conversation_id = $1 AND message_seq = $2", conversation, seq);
        files::release_message(tx, conversation, seq, now);
        tx.scrub();
        return Recorder{context_.log, tx, now}.message_deleted(conversation, seq, caller.user);
    });
}

Task<Result<std::optional<Seq>>> Messages::react(Caller caller, ConversationId conversation, Seq seq, std::string emoji, bool add) {
    constexpr std::int64_t most_emojis = 50;
    if (!is_emoji(emoji)) co_return fail(at("/emoji", errors::invalid_emoji));
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<std::optional<Seq>> {
        CHECK(groups::require_member(tx, conversation, caller.user));
        TRY(auto row, require_living(tx, conversation, seq));
        const bool there =
            tx.row<std::int64_t>("SELECT 1 FROM reactions WHERE conversation_id = $1 AND message_seq = $2 AND emoji = $3 AND user_id = $4",
                                 conversation, seq, emoji, caller.user)
                .has_value();
        if (there == add) return std::nullopt;
        Recorder recorder{context_.log, tx, context_.clock.now()};
        if (!add) {
            tx.run("DELETE FROM reactions WHERE conversation_id = $1 AND message_seq = $2 AND emoji = $3 AND user_id = $4", conversation, seq, emoji,
                   caller.user);
            return recorder.reaction(EventKind::reaction_removed, conversation, seq, emoji, caller.user);
        }
        const auto others = tx.row<std::int64_t>(
            "SELECT count(DISTINCT emoji) FROM reactions WHERE conversation_id = $1 AND message_seq = $2 AND emoji <> $3", conversation, seq, emoji);
        if (others.value_or(0) >= most_emojis) return fail(at("/emoji", errors::too_many_reactions));
        const auto event = recorder.reaction(EventKind::reaction_added, conversation, seq, emoji, caller.user);
        tx.run("INSERT INTO reactions (conversation_id, message_seq, emoji, user_id, seq) VALUES ($1, $2, $3, $4, $5)", conversation, seq, emoji,
               caller.user, event);
        row.flags |= MessageFlags::reactions;
        write_flags(tx, row);
        return event;
    });
}

Task<Result<std::optional<Seq>>> Messages::pin(Caller caller, ConversationId conversation, Seq seq, bool add) {
    co_return co_await context_.db.write([&](storage::Transaction& tx) -> Result<std::optional<Seq>> {
        TRY(const auto member, groups::require_member(tx, conversation, caller.user));
        TRY(auto row, require_living(tx, conversation, seq));
        const auto kind = groups::find_conversation(tx, conversation).value().kind;
        if (!groups::may_pin(kind, member.role)) return fail(groups::errors::not_allowed);
        if (((row.flags & MessageFlags::pinned) != 0) == add) return std::nullopt;
        row.flags ^= MessageFlags::pinned;
        write_flags(tx, row);
        return Recorder{context_.log, tx, context_.clock.now()}.pin(add ? EventKind::message_pinned : EventKind::message_unpinned, conversation, seq,
                                                                    caller.user);
    });
}

}  // namespace parley::chat
