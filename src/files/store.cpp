// SPDX-License-Identifier: Apache-2.0
#include "files/store.hpp"

#include "core/errors.hpp"
#include "jobs/store.hpp"
#include "users/announcements.hpp"

#include <fmt/format.h>
#include <memory>

namespace parley::files {
namespace {

constexpr std::string_view columns = "f.id, f.uploader_id, f.name, f.media_type, f.size, f.sha256, f.state, f.blob, f.created_at_us, f.expires_at_us";

}  // namespace

File to_file(const FileRow& row, Timestamp now) {
    return {row.id,         row.name,
            row.size,       row.media_type,
            row.sha256,     row.state_at(now),
            row.uploader,   row.created_at,
            row.expires_at, fmt::format("/api/v1/files/{}/content", row.id.value),
            std::nullopt,   {}};
}

FileId insert_unfinished(storage::Transaction& tx, const FileRow& file) {
    return tx
        .row<FileId>(
            "INSERT INTO files (uploader_id, name, media_type, size, state, blob, created_at_us, expires_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, "
            "$8) RETURNING id",
            file.uploader, file.name, file.media_type, file.size, FileState::uploading, file.blob, file.created_at, file.expires_at)
        .value();
}

void complete(storage::Transaction& tx, FileId id, std::string_view media_type, std::int64_t size, std::string_view sha256,
              std::optional<Timestamp> expires_at) {
    tx.run("UPDATE files SET state = 'ready', media_type = $2, size = $3, sha256 = $4, expires_at_us = $5 WHERE id = $1", id, media_type, size,
           sha256, expires_at);
}

void update_file(storage::Transaction& tx, FileId id, std::string_view name, std::optional<Timestamp> expires_at) {
    tx.run("UPDATE files SET name = $2, expires_at_us = $3 WHERE id = $1", id, name, expires_at);
}

void set_state(storage::Transaction& tx, FileId id, FileState state) { tx.run("UPDATE files SET state = $2 WHERE id = $1", id, state); }

std::optional<FileRow> find_file(storage::Connection& db, FileId id) {
    static const auto sql = fmt::format("SELECT {} FROM files f WHERE f.id = $1", columns);
    return db.row<FileRow>(sql, id);
}

bool may_see(storage::Connection& db, const FileRow& file, UserId user) {
    if (file.uploader == user) return true;
    const auto shared = db.row<std::int64_t>(
        "SELECT 1 FROM file_uses u JOIN members m ON m.conversation_id = u.conversation_id AND m.user_id = $2 WHERE u.file_id = $1 LIMIT 1", file.id,
        user);
    if (shared) return true;
    return is_avatar(db, file);
}

Result<FileRow> require_visible(storage::Connection& db, FileId id, UserId user) {
    auto file = find_file(db, id);
    if (file && may_see(db, *file, user)) return *std::move(file);
    return fail(parley::errors::not_found);
}

std::vector<FileRow> files_of(storage::Connection& db, UserId user, Timestamp now, FileId before, std::int64_t limit) {
    static const auto sql = fmt::format(
        "SELECT {} FROM files f WHERE f.uploader_id = $1 AND f.id < $2 AND f.state IN ('ready', 'scanning', 'quarantined') "
        "AND (f.expires_at_us IS NULL OR f.expires_at_us > $3) ORDER BY f.id DESC LIMIT $4",
        columns);
    return db.rows<FileRow>(sql, user, before, now, limit);
}

std::int64_t used_bytes(storage::Connection& db, UserId user) {
    return db
        .row<std::int64_t>(
            "SELECT COALESCE(sum(size), 0) FROM files WHERE uploader_id = $1 AND blob IS NOT NULL AND state NOT IN ('expired', 'deleted')", user)
        .value_or(0);
}

void insert_use(storage::Transaction& tx, const FileUse& use, std::int64_t place, FileId file) {
    tx.run("INSERT INTO file_uses (conversation_id, message_seq, place, file_id) VALUES ($1, $2, $3, $4)", use.conversation, use.message_seq, place,
           file);
}

std::vector<FileRow> files_of_message(storage::Connection& db, ConversationId conversation, Seq message_seq) {
    static const auto sql = fmt::format(
        "SELECT {} FROM file_uses u JOIN files f ON f.id = u.file_id WHERE u.conversation_id = $1 AND u.message_seq = $2 ORDER BY u.place LIMIT 1000",
        columns);
    return db.rows<FileRow>(sql, conversation, message_seq);
}

std::vector<FileUse> uses_of(storage::Connection& db, FileId id, std::int64_t limit) {
    return db.rows<FileUse>("SELECT conversation_id, message_seq FROM file_uses WHERE file_id = $1 ORDER BY conversation_id, message_seq LIMIT $2",
                            id, limit);
}

bool is_avatar(storage::Connection& db, const FileRow& file) {
    return db.row<std::int64_t>("SELECT 1 FROM users WHERE id = $1 AND avatar_file_id = $2", file.uploader, file.id).has_value();
}

void clear_avatar(storage::Transaction& tx, const FileRow& file) {
    if (!is_avatar(tx, file)) return;
    tx.run("UPDATE users SET avatar_file_id = NULL WHERE id = $1", file.uploader);
    tx.announce(std::make_unique<users::ProfileChanged>(file.uploader));
}

std::vector<FileRow> stored_files(storage::Connection& db, FileId after, std::int64_t limit) {
    static const auto sql = fmt::format(
        "SELECT {} FROM files f WHERE f.id > $1 AND f.blob IS NOT NULL AND f.state IN ('ready', 'quarantined') ORDER BY f.id LIMIT $2", columns);
    return db.rows<FileRow>(sql, after, limit);
}

bool has_uses(storage::Connection& db, FileId id) {
    return db.row<std::int64_t>("SELECT 1 FROM file_uses WHERE file_id = $1 LIMIT 1", id).has_value();
}

void release_message(storage::Transaction& tx, ConversationId conversation, Seq message_seq, Timestamp now) {
    const auto files = files_of_message(tx, conversation, message_seq);
    tx.run("DELETE FROM file_uses WHERE conversation_id = $1 AND message_seq = $2", conversation, message_seq);
    for (const auto& file : files) {
        if (file.state == FileState::deleted || file.state == FileState::expired || has_uses(tx, file.id) || is_avatar(tx, file)) continue;
        set_state(tx, file.id, FileState::deleted);
        enqueue_collect(tx, now);
    }
}

// One job is enough for any number of files.
void enqueue_collect(storage::Transaction& tx, Timestamp now) { jobs::enqueue(tx, collect_job, "", now, collect_job); }

std::vector<FileRow> expired_files(storage::Connection& db, Timestamp now, std::int64_t limit) {
    static const auto sql =
        fmt::format("SELECT {} FROM files f WHERE f.state = 'ready' AND f.expires_at_us <= $1 ORDER BY f.expires_at_us LIMIT $2", columns);
    return db.rows<FileRow>(sql, now, limit);
}

std::vector<DoomedBlob> doomed_blobs(storage::Connection& db, std::int64_t limit) {
    return db.rows<DoomedBlob>("SELECT id, blob FROM files WHERE blob IS NOT NULL AND state IN ('expired', 'deleted') ORDER BY id LIMIT $1", limit);
}

void forget_blob(storage::Transaction& tx, FileId id) { tx.run("UPDATE files SET blob = NULL WHERE id = $1", id); }

std::int64_t abandon_unfinished(storage::Transaction& tx, Timestamp before) {
    const auto abandoned = tx.rows<FileId>("SELECT id FROM files WHERE state = 'uploading' AND created_at_us < $1 ORDER BY id LIMIT 1000", before);
    for (const auto id : abandoned) set_state(tx, id, FileState::deleted);
    return std::ssize(abandoned);
}

}  // namespace parley::files
