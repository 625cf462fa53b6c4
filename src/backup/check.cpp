// SPDX-License-Identifier: Apache-2.0
#include "backup/check.hpp"

#include "backup/copy.hpp"
#include "backup/errors.hpp"
#include "blob/disk/disk_store.hpp"
#include "chat/check.hpp"
#include "chat/file_events.hpp"
#include "chat/log.hpp"
#include "core/blocking.hpp"
#include "core/worker_pool.hpp"
#include "files/check.hpp"
#include "files/service.hpp"
#include "storage/data_folder.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/integrity.hpp"

#include <fmt/format.h>
#include <filesystem>

namespace parley::backup {
namespace {

using storage::sqlite::check_integrity, storage::sqlite::SqliteConnection;

/// One snapshot of everything, whatever a server writes meanwhile.
files::Damage check_all(const Place& place, blob::BlobStore& blobs, const storage::OnFinding& found) {
    SqliteConnection db{place.database, SqliteConnection::Role::reader};
    db.sort_on_disk();  // all events may be more than memory has
    const auto snapshot = db.begin_snapshot();
    check_integrity(db, found);
    chat::check(db, found);
    return files::check(db, blobs, found);
}

Result<void> put_aside(const Place& place, const files::FileRow& file, blob::BlobStore& blobs) {
    const auto blob = blobs.open(*file.blob);
    if (!blob) return {};
    CHECK(make_folder(place.data_dir / "damaged"));
    TRY(const auto digest, read_all(blob->descriptor, [](std::string_view) -> Result<void> { return {}; }));
    CHECK(copy_durably(blob->descriptor, place.data_dir / "damaged" / fmt::format("file-{}", file.id.value), digest.sha256));
    return {};
}

Result<void> repair_files(const Place& place, storage::Database& db, const files::Damage& damage, const Clock& clock, Random& random,
                          const storage::OnFinding& done) {
    const auto blobs = blob::disk::open(place.blobs);
    for (const auto& name : damage.orphans) {
        CHECK(blobs->remove(name));
        done(fmt::format("blob {}: removed", name));
    }
    chat::Log log{db};
    WorkerPool disk{"disk", 1, 1};
    files::Service service{db, *blobs, disk, clock, random, {}, chat::record_files_gone(log, clock)};
    const auto give_up = [&](const files::FileRow& file) -> Result<void> {
        CHECK(put_aside(place, file, *blobs));
        CHECK(run_blocking(service.give_up(file.id)));
        done(fmt::format("file {}: deleted; what there was of it is in {}", file.id.value, (place.data_dir / "damaged").string()));
        return {};
    };
    Result<void> all{};
    for (auto file = damage.files.begin(); all && file != damage.files.end(); ++file) all = give_up(*file);
    db.stop();  // before the log goes
    return all;
}

}  // namespace

Result<std::int64_t> check(const Place& place, const storage::OnFinding& found) {
    if (!std::filesystem::exists(place.database)) return fail(errors::failed, fmt::format("There is no database at {}.", place.database));
    const auto blobs = blob::disk::open(place.blobs);
    std::int64_t findings = 0;
    check_all(place, *blobs, [&](std::string what) {
        ++findings;
        found(std::move(what));
    });
    return findings;
}

Result<void> repair(const Place& place, const Clock& clock, Random& random, const storage::OnFinding& done) {
    TRY(const auto folder, storage::DataFolder::take(place.data_dir));
    const auto damage = check_all(place, *blob::disk::open(place.blobs), [](const std::string&) {});
    SqliteConnection{place.database, SqliteConnection::Role::writer}.rebuild_indexes();
    TRY(const auto db, storage::sqlite::open({.path = place.database}, embedded::migrations(), clock));
    CHECK(db->write_now([](storage::Transaction& tx) -> Result<void> {
        chat::rebuild(tx);
        return {};
    }));
    done("database: the index and the totals of all conversations were made anew");
    return repair_files(place, *db, damage, clock, random, done);
}

}  // namespace parley::backup
