// SPDX-License-Identifier: Apache-2.0
#include "files/check.hpp"

#include "core/encoding.hpp"
#include "core/sha256.hpp"
#include "files/store.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <cerrno>
#include <unordered_set>

namespace parley::files {
namespace {

constexpr std::int64_t page = 1000;
constexpr std::size_t piece_bytes = std::size_t{1} << 20;

/// Nothing if the disk does not give all of them.
std::optional<std::string> sha256_of(const blob::OpenBlob& blob) {
    Sha256 hash;
    std::vector<char> piece(piece_bytes);
    for (std::int64_t at = 0; at < blob.size;) {
        const auto count = ::pread(blob.descriptor, piece.data(), piece.size(), at);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return std::nullopt;
        hash.update({piece.data(), static_cast<std::size_t>(count)});
        at += count;
    }
    return hex_encode(hash.finish());
}

/// What is wrong with a file's bytes; "" if nothing is.
std::string complaint_of(const FileRow& file, blob::BlobStore& blobs) {
    const auto blob = blobs.open(*file.blob);
    if (!blob) return "its bytes are missing";
    if (blob->size != file.size) return fmt::format("{} of its {} bytes are there", blob->size, file.size);
    return sha256_of(*blob) == file.sha256 ? "" : "its bytes are not those that were uploaded";
}

bool is_still_there(storage::Connection& db, const FileRow& file) {
    const auto now = find_file(db, file.id);
    return now && now->blob == file.blob && now->state == file.state;
}

void check_orphans(storage::Connection& db, const std::vector<std::string>& names, const storage::OnFinding& found, Damage& damage) {
    const auto of_files = db.rows<std::string>("SELECT blob FROM files WHERE blob IS NOT NULL");
    const std::unordered_set<std::string> known{of_files.begin(), of_files.end()};
    for (const auto& name : names) {
        if (known.contains(name)) continue;
        found(fmt::format("blob {}: it belongs to no file", name));
        damage.orphans.push_back(name);
    }
}

}  // namespace

Damage check(storage::Connection& db, blob::BlobStore& blobs, const storage::OnFinding& found) {
    Damage damage;
    const auto names = blobs.names();  // before the files are read: a file has a row before it has bytes
    check_orphans(db, names, found, damage);
    for (FileId last;;) {
        const auto files = stored_files(db, last, page);
        if (files.empty()) return damage;
        for (const auto& file : files) {
            const auto complaint = complaint_of(file, blobs);
            if (complaint.empty() || !is_still_there(db, file)) continue;
            found(fmt::format("file {}: {}", file.id.value, complaint));
            damage.files.push_back(file);
        }
        last = files.back().id;
    }
}

}  // namespace parley::files
