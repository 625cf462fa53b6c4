// SPDX-License-Identifier: Apache-2.0
#include "files/service.hpp"

#include "core/errors.hpp"
#include "files/errors.hpp"

#include <algorithm>

namespace parley::files {
namespace {

/// Messages a file is in that are told of its end in one transaction. A file in more is let go all the same; who reads those sees its state.
constexpr std::int64_t most_uses_told = 10'000;
constexpr std::int64_t slice = 100;

Error at_expires_at(const ErrorKind& kind) { return Error::of_fields({{&kind, "/expires_at", {}}}); }

}  // namespace

Service::Service(storage::Database& db, blob::BlobStore& blobs, WorkerPool& disk, const Clock& clock, Random& random, FileSettings settings,
                 OnGone on_gone)
    : db_(db),
      blobs_(blobs),
      disk_(disk),
      clock_(clock),
      random_(random),
      settings_(settings),
      on_gone_(std::move(on_gone)) {}

Result<std::optional<Timestamp>> Service::expiry_of(json::Nullable<Timestamp> wanted, Timestamp now) const {
    if (!wanted.given) return now + settings_.default_ttl;
    if (!wanted.value)
        return settings_.allow_keep ? Result<std::optional<Timestamp>>{std::nullopt} : fail(at_expires_at(errors::keeping_not_allowed));
    if (*wanted.value <= now) return fail(at_expires_at(errors::already_past));
    return wanted.value;
}

Task<Result<std::unique_ptr<Service::Receiving>>> Service::begin(Caller caller, std::string name, std::string claimed_type) {
    const auto blob = random_.name();
    struct Begun {
        FileId id;
        std::int64_t room;
    };
    CO_TRY(const auto begun, co_await db_.write([&](storage::Transaction& tx) -> Result<Begun> {
        CHECK(tx.require_room());
        const auto room = settings_.quota_bytes - used_bytes(tx, caller.user);
        if (room <= 0) return fail(errors::quota_exceeded);
        const FileRow row{.uploader = caller.user, .name = name, .media_type = "application/octet-stream", .blob = blob, .created_at = clock_.now()};
        return Begun{insert_unfinished(tx, row), room};
    }));
    auto file = std::make_unique<Receiving>(begun.id, caller.user, std::move(claimed_type), begun.room, Upload{blobs_, disk_, blob});
    if (auto opened = co_await file->upload.begin(); !opened) {
        co_await abandon(*file);
        co_return std::unexpected(std::move(opened).error());
    }
    co_return file;
}

Task<Result<void>> Service::append(Receiving& file, std::string_view bytes) {
    const auto size = file.upload.size() + std::ssize(bytes);
    if (size > settings_.max_file_bytes) co_return fail(errors::too_large);
    if (size > file.room) co_return fail(errors::quota_exceeded);
    co_return co_await file.upload.append(bytes);
}

Task<Result<File>> Service::finish(Receiving& file, json::Nullable<Timestamp> expires_at) {
    CO_TRY(const auto expiry, expiry_of(expires_at, clock_.now()));
    CO_CHECK(co_await file.upload.finish());
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<File> {
        // Others of the user's uploads may have finished since this one began.
        if (used_bytes(tx, file.uploader) + file.upload.size() > settings_.quota_bytes) return fail(errors::quota_exceeded);
        complete(tx, file.id, media_type_of(file.upload.first_bytes(), file.claimed_type), file.upload.size(), file.upload.sha256(), expiry);
        return to_file(find_file(tx, file.id).value(), clock_.now());
    });
}

Task<void> Service::abandon(Receiving& file) {
    co_await file.upload.discard();
    // If this fails, the row stays as it is, and the job that looks for abandoned uploads finds it.
    std::ignore = co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
        set_state(tx, file.id, FileState::deleted);
        enqueue_collect(tx, clock_.now());
        return {};
    });
}

Task<Result<File>> Service::find(Caller caller, FileId id) {
    co_return co_await db_.read([&](storage::Connection& db) -> Result<File> {
        TRY(const auto row, require_visible(db, id, caller.user));
        return to_file(row, clock_.now());
    });
}

Task<Result<FileList>> Service::list(Caller caller, std::optional<FileId> before, std::int64_t limit) {
    co_return co_await db_.read([&](storage::Connection& db) -> Result<FileList> {
        FileList list{.quota_bytes = settings_.quota_bytes};
        list.used_bytes = used_bytes(db, caller.user);
        for (const auto& row : files_of(db, caller.user, clock_.now(), before.value_or(FileId{max_id}), limit))
            list.items.push_back(to_file(row, clock_.now()));
        return list;
    });
}

Task<Result<File>> Service::change(Caller caller, FileId id, FileChange change) {
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<File> {
        TRY(auto row, require_visible(tx, id, caller.user));
        if (row.uploader != caller.user) return fail(errors::not_uploader);
        const auto now = clock_.now();
        if (row.state_at(now) == FileState::expired || row.state == FileState::deleted) return fail(errors::gone);
        if (change.name) row.name = *change.name;
        if (change.expires_at.given) {
            TRY(row.expires_at, expiry_of(change.expires_at, now));
        }
        update_file(tx, id, row.name, row.expires_at);
        return to_file(row, now);
    });
}

Task<Result<void>> Service::remove(Caller caller, FileId id) {
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
        TRY(const auto row, require_visible(tx, id, caller.user));
        if (row.uploader != caller.user) return fail(errors::not_uploader);
        if (row.state == FileState::deleted) return {};
        return let_go(tx, row, GoneBy::deletion, caller.user);
    });
}

Result<void> Service::let_go(storage::Transaction& tx, const FileRow& file, GoneBy how, std::optional<UserId> actor) const {
    set_state(tx, file.id, how == GoneBy::expiry ? FileState::expired : FileState::deleted);
    enqueue_collect(tx, clock_.now());
    clear_avatar(tx, file);
    const auto uses = uses_of(tx, file.id, most_uses_told);
    return on_gone_(tx, how, actor, file.id, uses);
}

Task<Result<Service::Content>> Service::open(Caller caller, FileId id) {
    CO_TRY(auto row, co_await db_.read([&](storage::Connection& db) { return require_visible(db, id, caller.user); }));
    switch (row.state_at(clock_.now())) {
        case FileState::ready: break;
        case FileState::uploading:
        case FileState::scanning: co_return fail(errors::not_ready);
        case FileState::quarantined: co_return fail(errors::quarantined);
        case FileState::expired:
        case FileState::deleted: co_return fail(errors::gone);
    }
    if (!row.blob) co_return fail(errors::gone);
    CO_TRY(auto blob, co_await disk_.run([&]() { return blobs_.open(*row.blob); }));
    co_return Content{std::move(row), std::move(blob)};
}

Task<Result<jobs::Left>> Service::expire() {
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<jobs::Left> {
        const auto expired = expired_files(tx, clock_.now(), slice);
        for (const auto& file : expired) CHECK(let_go(tx, file, GoneBy::expiry, std::nullopt));
        return std::ssize(expired) == slice ? jobs::Left::more : jobs::Left::nothing;
    });
}

Task<Result<jobs::Left>> Service::collect() {
    CO_TRY(const auto doomed, co_await db_.read([](storage::Connection& db) -> Result<std::vector<DoomedBlob>> { return doomed_blobs(db, slice); }));
    if (doomed.empty()) co_return jobs::Left::nothing;
    CO_TRY(const bool removed, co_await disk_.run([&]() -> Result<bool> {
        // Asked after the files were found: a backup that began later copies a database in which they are let go already.
        if (blobs_.is_held()) return false;
        for (const auto& one : doomed) CHECK(blobs_.remove(one.blob));
        return true;
    }));
    if (!removed) co_return jobs::Left::later;
    CO_CHECK(co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
        for (const auto& one : doomed) forget_blob(tx, one.file);
        return {};
    }));
    co_return jobs::Left::more;  // perhaps; the next run finds out
}

Task<Result<jobs::Left>> Service::abandon_unfinished(Timestamp before) {
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<jobs::Left> {
        if (files::abandon_unfinished(tx, before) == 0) return jobs::Left::nothing;
        enqueue_collect(tx, clock_.now());
        return jobs::Left::more;
    });
}

Task<Result<void>> Service::give_up(FileId id) {
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
        const auto file = find_file(tx, id);
        if (!file) return fail(parley::errors::not_found);
        return let_go(tx, *file, GoneBy::deletion, std::nullopt);
    });
}

Result<void> Service::claim_avatar(storage::Transaction& tx, UserId user, FileId id, std::optional<FileId> before) const {
    const auto file = find_file(tx, id);
    const bool usable = file && file->uploader == user && file->state_at(clock_.now()) == FileState::ready &&
                        file->media_type.starts_with("image/") && may_be_shown_inline(file->media_type);
    if (!usable)
        return fail(Error::of_fields({{&errors::not_usable, "/avatar_file_id", "A picture of your own is expected: PNG, JPEG, GIF or WebP."}}));
    update_file(tx, id, file->name, std::nullopt);
    if (!before) return {};
    const auto old = find_file(tx, *before);
    if (!old || old->state != FileState::ready) return {};
    if (!has_uses(tx, old->id)) return let_go(tx, *old, GoneBy::deletion, user);
    // Messages still carry it: it is a file like others again, with the lifetime of one.
    if (!old->expires_at && !settings_.allow_keep) update_file(tx, old->id, old->name, clock_.now() + settings_.default_ttl);
    return {};
}

}  // namespace parley::files
