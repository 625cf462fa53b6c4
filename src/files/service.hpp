// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blob/blob_store.hpp"
#include "core/caller.hpp"
#include "core/clock.hpp"
#include "core/random.hpp"
#include "core/task.hpp"
#include "core/worker_pool.hpp"
#include "files/store.hpp"
#include "files/types.hpp"
#include "files/upload.hpp"
#include "jobs/left.hpp"
#include "storage/database.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace parley::files {

struct FileSettings {
    std::chrono::milliseconds default_ttl{10LL * 86'400'000};
    std::int64_t max_file_bytes = std::int64_t{2} << 30;
    std::int64_t quota_bytes = std::int64_t{10} << 30;
    bool allow_keep = false;
    std::chrono::milliseconds upload_ttl{86'400'000};
};

enum class GoneBy : std::uint8_t { expiry, deletion };
/// Records in the logs of the conversations that a file they carry is gone (`file.expired`, `file.deleted`); inside the transaction that lets it go.
/// `actor` is nobody where the server acted. Given by `chat`, which owns the log.
using OnGone =
    std::function<Result<void>(storage::Transaction& tx, GoneBy how, std::optional<UserId> actor, FileId file, std::span<const FileUse> uses)>;

/// Files: received, found, changed, let go. What is let go is unreadable at once; its bytes go with the next `collect`.
class Service {
public:
    Service(storage::Database& db, blob::BlobStore& blobs, WorkerPool& disk, const Clock& clock, Random& random, FileSettings settings,
            OnGone on_gone);

    /// A file that is being received.
    struct Receiving {
        FileId id;
        UserId uploader;
        std::string claimed_type;
        std::int64_t room = 0;  // bytes the quota leaves
        Upload upload;
    };
    /// `name` is clean (http::clean_file_name). Errors: quota_exceeded, storage's.
    Task<Result<std::unique_ptr<Receiving>>> begin(Caller caller, std::string name, std::string claimed_type);
    /// Errors: too_large, quota_exceeded, storage's. The caller gives the file up after one.
    Task<Result<void>> append(Receiving& file, std::string_view bytes);
    /// The file is durable when this completes. `expires_at`: left out, never (null), or when. Errors: already_past, keeping_not_allowed,
    /// quota_exceeded.
    Task<Result<File>> finish(Receiving& file, json::Nullable<Timestamp> expires_at);
    /// Leaves nothing of it.
    Task<void> abandon(Receiving& file);
    Result<std::optional<Timestamp>> expiry_of(json::Nullable<Timestamp> wanted, Timestamp now) const;

    Task<Result<File>> find(Caller caller, FileId id);
    Task<Result<FileList>> list(Caller caller, std::optional<FileId> before, std::int64_t limit);
    /// A new name is clean (http::clean_file_name). Errors: not_found, not_uploader, gone, already_past, keeping_not_allowed.
    Task<Result<File>> change(Caller caller, FileId id, FileChange change);
    /// Again is no error. Errors: not_found, not_uploader.
    Task<Result<void>> remove(Caller caller, FileId id);

    struct Content {
        FileRow file;
        blob::OpenBlob blob;
    };
    /// Errors: not_found, gone, not_ready, quarantined.
    Task<Result<Content>> open(Caller caller, FileId id);

    /// Lets expired files go, a slice at a time.
    Task<Result<jobs::Left>> expire();
    /// The job `collect_job`, which letting files go leaves behind: removes their bytes, a slice at a time.
    Task<Result<jobs::Left>> collect();
    /// Lets uploads go that were begun before `before` and not finished: at the start those of the last server, later those that take too long.
    Task<Result<jobs::Left>> abandon_unfinished(Timestamp before);

    /// Lets a file go whose bytes are not what they should be; nobody is named as the one who did. Error: not_found.
    Task<Result<void>> give_up(FileId id);

    /// users::ClaimAvatar: a ready picture of one's own, which then does not expire; the one before is let go.
    Result<void> claim_avatar(storage::Transaction& tx, UserId user, FileId file, std::optional<FileId> before) const;

    const FileSettings& settings() const noexcept { return settings_; }

private:
    Result<void> let_go(storage::Transaction& tx, const FileRow& file, GoneBy how, std::optional<UserId> actor) const;

    storage::Database& db_;
    blob::BlobStore& blobs_;
    WorkerPool& disk_;
    const Clock& clock_;
    Random& random_;
    const FileSettings settings_;
    const OnGone on_gone_;
};

}  // namespace parley::files
