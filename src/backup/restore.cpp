// SPDX-License-Identifier: Apache-2.0
#include "backup/restore.hpp"

#include "backup/copy.hpp"
#include "backup/errors.hpp"
#include "backup/repository.hpp"
#include "blob/disk/disk_store.hpp"
#include "files/store.hpp"
#include "storage/data_folder.hpp"
#include "storage/sqlite/connection.hpp"

#include <fmt/format.h>
#include <array>

namespace parley::backup {
namespace {

using storage::sqlite::SqliteConnection;

constexpr std::int64_t page = 1000;

struct Source {
    Repository repository;
    std::string snapshot;
};

Result<Source> find_source(const std::filesystem::path& from) {
    if (std::filesystem::exists(from / "manifest.json")) {
        const auto folder = std::filesystem::canonical(from);
        TRY(auto repository, Repository::open(folder.parent_path().parent_path()));
        return Source{std::move(repository), folder.filename().string()};
    }
    TRY(auto repository, Repository::open(from));
    auto snapshots = repository.snapshots();
    if (snapshots.empty()) return fail(errors::no_backup, fmt::format("{} holds no finished backup.", from.string()));
    return Source{std::move(repository), std::move(snapshots.back())};
}

/// Whether nothing of a server's is there.
Result<void> require_empty(const Place& place) {
    for (const auto& path : {std::filesystem::path{place.database}, place.blobs, place.data_dir / "keys"}) {
        const bool taken = std::filesystem::is_directory(path) ? !std::filesystem::is_empty(path) : std::filesystem::exists(path);
        if (taken) return fail(errors::not_empty, fmt::format("{} is there already. A backup is restored into an empty data folder.", path.string()));
    }
    return {};
}

Result<void> damaged(const std::filesystem::path& path) { return fail(errors::damaged, fmt::format("{} is not what was backed up.", path.string())); }

Result<void> copy_database(const Source& source, const Manifest& manifest, const std::filesystem::path& to) {
    const auto from = source.repository.database_of(source.snapshot);
    TRY(const auto file, InputFile::open(from));
    TRY(const auto copied, copy_durably(file.descriptor(), to, manifest.database_sha256));
    return copied.sha256 == manifest.database_sha256 ? Result<void>{} : damaged(from);
}

Result<void> copy_content(const Repository& repository, const files::FileRow& file, blob::BlobStore& blobs) {
    const auto path = repository.content_path(file.sha256);
    TRY(const auto from, InputFile::open(path));
    CHECK(blobs.remove(*file.blob));  // of a restore that did not finish
    TRY(const auto writer, blobs.create(*file.blob));
    TRY(const auto digest, read_all(from.descriptor(), [&](std::string_view piece) { return writer->append(piece); }));
    if (digest.sha256 != file.sha256) return damaged(path);
    return writer->finish();
}

Result<void> copy_files(storage::Connection& db, const Source& source, const Manifest& manifest, blob::BlobStore& blobs) {
    for (FileId last;;) {
        const auto files = files::stored_files(db, last, page);
        if (files.empty()) return {};
        for (const auto& file : files) {
            if (std::ranges::find(manifest.damaged_files, file.id.value) == manifest.damaged_files.end())
                CHECK(copy_content(source.repository, file, blobs));
        }
        last = files.back().id;
    }
}

/// What the copy says of the server it came from, and is not true of this one.
void make_anew(SqliteConnection& db, Random& random) {
    db.run("UPDATE meta SET value = $1 WHERE name = 'epoch'", random.name());
    db.run("DELETE FROM tickets");
    db.run("DELETE FROM spent_refresh_tokens");
    db.run("DELETE FROM sessions");
}

}  // namespace

Result<Restored> restore(const std::filesystem::path& from, const Place& place, Random& random) {
    TRY(const auto source, find_source(from));
    TRY(auto manifest, source.repository.manifest_of(source.snapshot));
    TRY(const auto folder, storage::DataFolder::take_to_restore(place.data_dir));
    if (!folder.is_half_restored()) CHECK(require_empty(place));
    CHECK(folder.begin_restore());
    const std::filesystem::path database{place.database};
    if (database.has_parent_path()) CHECK(make_folder(database.parent_path()));
    for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(place.database + suffix);
    CHECK(copy_database(source, manifest, database));
    {
        SqliteConnection db{place.database, SqliteConnection::Role::writer};
        make_anew(db, random);
        const auto blobs = blob::disk::open(place.blobs);
        CHECK(copy_files(db, source, manifest, *blobs));
        db.checkpoint(SqliteConnection::Checkpoint::truncate);
    }
    CHECK(folder.end_restore());
    return Restored{source.snapshot, std::move(manifest)};
}

}  // namespace parley::backup
