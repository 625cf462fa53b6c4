// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "files/types.hpp"
#include "storage/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace parley::files {

/// A row before its bytes: a crash leaves no bytes nobody knows of.
FileId insert_unfinished(storage::Transaction& tx, const FileRow& file);
void complete(storage::Transaction& tx, FileId id, std::string_view media_type, std::int64_t size, std::string_view sha256,
              std::optional<Timestamp> expires_at);
void update_file(storage::Transaction& tx, FileId id, std::string_view name, std::optional<Timestamp> expires_at);
void set_state(storage::Transaction& tx, FileId id, FileState state);

std::optional<FileRow> find_file(storage::Connection& db, FileId id);
/// Whether `user` uploaded it, is in a conversation a message of which carries it, or it is somebody's picture.
bool may_see(storage::Connection& db, const FileRow& file, UserId user);
/// The file, if the user may see it. Error: not_found.
Result<FileRow> require_visible(storage::Connection& db, FileId id, UserId user);

/// Live files of a user, those with ids below `before`, the newest first.
std::vector<FileRow> files_of(storage::Connection& db, UserId user, Timestamp now, FileId before, std::int64_t limit);
/// Bytes of a user's files; not of those let go, though the job may not have got to them yet.
std::int64_t used_bytes(storage::Connection& db, UserId user);

void insert_use(storage::Transaction& tx, const FileUse& use, std::int64_t place, FileId file);
std::vector<FileRow> files_of_message(storage::Connection& db, ConversationId conversation, Seq message_seq);
std::vector<FileUse> uses_of(storage::Connection& db, FileId id, std::int64_t limit);
bool has_uses(storage::Connection& db, FileId id);
/// Whether it is its uploader's picture.
bool is_avatar(storage::Connection& db, const FileRow& file);
/// Its uploader has no picture any more, if this was it. Announces users::ProfileChanged then.
void clear_avatar(storage::Transaction& tx, const FileRow& file);
/// Takes the files off a message that is deleted; those no other message carries are deleted too.
void release_message(storage::Transaction& tx, ConversationId conversation, Seq message_seq, Timestamp now);
/// Asks for the bytes of what was let go to be removed.
void enqueue_collect(storage::Transaction& tx, Timestamp now);
inline constexpr std::string_view collect_job = "files.collect";

/// Files whose bytes are kept, those with ids above `after`, in order; for who looks at all of them.
std::vector<FileRow> stored_files(storage::Connection& db, FileId after, std::int64_t limit);

/// Ready files whose time is over.
std::vector<FileRow> expired_files(storage::Connection& db, Timestamp now, std::int64_t limit);
/// Files whose bytes are to be removed: expired, deleted, or left unfinished before `abandoned_before`.
struct DoomedBlob {
    FileId file;
    std::string blob;
};
std::vector<DoomedBlob> doomed_blobs(storage::Connection& db, std::int64_t limit);
void forget_blob(storage::Transaction& tx, FileId id);
/// Uploads that were begun before `before` and are not finished become deleted; returns how many.
std::int64_t abandon_unfinished(storage::Transaction& tx, Timestamp before);

}  // namespace parley::files
