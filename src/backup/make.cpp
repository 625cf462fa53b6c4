// SPDX-License-Identifier: Apache-2.0
#include "backup/make.hpp"

#include "backup/copy.hpp"
#include "backup/errors.hpp"
#include "backup/repository.hpp"
#include "blob/disk/disk_store.hpp"
#include "files/store.hpp"
#include "storage/sqlite/connection.hpp"

#include <fmt/format.h>

namespace parley::backup {
namespace {

using storage::sqlite::SqliteConnection;

constexpr std::int64_t page = 1000;

/// Copies one file's content, if no backup has it. False if the bytes are not those that were uploaded.
Result<bool> copy_content(blob::BlobStore& blobs, const files::FileRow& file, const Repository& repository, Made& made) {
    if (repository.holds(file.sha256, file.size)) return true;
    const auto blob = blobs.open(*file.blob);
    if (!blob) return false;
    const auto to = repository.content_path(file.sha256);
    CHECK(make_folder(to.parent_path()));
    TRY(const auto copied, copy_durably(blob->descriptor, to, file.sha256));
    if (copied.sha256 != file.sha256) return false;
    ++made.new_files;
    made.new_bytes += copied.bytes;
    return true;
}

Result<void> copy_files(const std::filesystem::path& database, blob::BlobStore& blobs, const Repository& repository, Made& made) {
    SqliteConnection db{database.string(), SqliteConnection::Role::reader};
    for (FileId last;;) {
        const auto files = files::stored_files(db, last, page);
        if (files.empty()) return {};
        for (const auto& file : files) {
            TRY(const bool good, copy_content(blobs, file, repository, made));
            if (!good) {
                made.manifest.damaged_files.push_back(file.id.value);
                continue;
            }
            ++made.manifest.files;
            made.manifest.file_bytes += file.size;
        }
        last = files.back().id;
    }
}

Result<void> copy_database(const Place& place, const std::filesystem::path& to, Manifest& manifest) {
    {
        SqliteConnection db{place.database, SqliteConnection::Role::reader};
        db.copy_to(to.string());
    }
    CHECK(sync_file(to));
    TRY(const auto digest, digest_of(to));
    manifest.database_bytes = digest.bytes;
    manifest.database_sha256 = digest.sha256;
    return {};
}

}  // namespace

Result<Made> make(const Place& place, const std::filesystem::path& to, std::size_t keep, std::string_view version, const Clock& clock) {
    if (!std::filesystem::exists(place.database)) return fail(errors::failed, fmt::format("There is no database at {}.", place.database));
    TRY(const auto repository, Repository::open_to_write(to));
    const auto blobs = blob::disk::open(place.blobs);
    // From before the database is copied: what is in the copy is not removed until its bytes are, too.
    TRY(const auto hold, blob::disk::Hold::take(place.blobs));
    Made made;
    made.manifest.version = version;
    made.manifest.made_at = clock.now();
    TRY(const auto folder, repository.begin_snapshot());
    CHECK(copy_database(place, folder / "parley.db", made.manifest));
    CHECK(copy_files(folder / "parley.db", *blobs, repository, made));
    TRY(made.snapshot, repository.finish_snapshot(made.manifest));
    if (keep > 0) {
        TRY(made.pruned, repository.prune(keep));
    }
    return made;
}

}  // namespace parley::backup
