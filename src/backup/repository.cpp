// SPDX-License-Identifier: Apache-2.0
#include "backup/repository.hpp"

#include "backup/copy.hpp"
#include "backup/errors.hpp"
#include "core/json/read.hpp"
#include "core/json/write.hpp"
#include "files/store.hpp"
#include "storage/data_folder.hpp"
#include "storage/sqlite/connection.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace parley::backup {
namespace {

constexpr std::string_view unfinished = "unfinished";

std::string snapshot_name(Timestamp made_at) {
    auto name = format_rfc3339(made_at);
    std::ranges::replace(name, ':', '-');  // a file name everywhere
    return name;
}

/// Adds the contents that a snapshot's files need.
void add_contents(const std::filesystem::path& database, std::unordered_set<std::string>& needed) {
    storage::sqlite::SqliteConnection db{database.string(), storage::sqlite::SqliteConnection::Role::reader};
    for (FileId last;;) {
        const auto files = files::stored_files(db, last, 1000);
        if (files.empty()) return;
        for (const auto& file : files) needed.insert(file.sha256);
        last = files.back().id;
    }
}

}  // namespace

Result<Repository> Repository::open_to_write(const std::filesystem::path& root) {
    CHECK(make_folder(root / "snapshots"));
    CHECK(make_folder(root / "files"));
    const auto path = root / "lock";
    const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (lock < 0) return fail(errors::failed, fmt::format("The folder {} cannot be written.", root.string()));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return fail(errors::in_use);
    }
    return Repository{root, lock};
}

Result<Repository> Repository::open(const std::filesystem::path& root) {
    if (!std::filesystem::is_directory(root / "snapshots")) return fail(errors::no_backup, fmt::format("{} holds no backup.", root.string()));
    return Repository{root, -1};
}

Repository::Repository(Repository&& other) noexcept : root_(std::move(other.root_)), lock_(std::exchange(other.lock_, -1)) {}

Repository::~Repository() {
    if (lock_ >= 0) ::close(lock_);
}

std::vector<std::string> Repository::snapshots() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{root_ / "snapshots"}) {
        auto name = entry.path().filename().string();
        if (name != unfinished) names.push_back(std::move(name));
    }
    std::ranges::sort(names);
    return names;
}

Result<std::filesystem::path> Repository::begin_snapshot() const {
    const auto folder = root_ / "snapshots" / unfinished;
    std::filesystem::remove_all(folder);
    CHECK(make_folder(folder));
    return folder;
}

Result<std::filesystem::path> Repository::finish_snapshot(const Manifest& manifest) const {
    const auto folder = root_ / "snapshots" / unfinished, named = root_ / "snapshots" / snapshot_name(manifest.made_at);
    storage::write_file_durably(folder / "manifest.json", json::to_json(manifest) + "\n");
    CHECK(sync_folder(folder));
    std::filesystem::rename(folder, named);
    CHECK(sync_folder(root_ / "snapshots"));
    return named;
}

Result<Manifest> Repository::manifest_of(std::string_view snapshot) const {
    const auto path = root_ / "snapshots" / snapshot / "manifest.json";
    std::ifstream file{path};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    json::Document document;
    if (!document.parse(text)) return fail(errors::damaged, fmt::format("{} is no manifest.", path.string()));
    auto manifest = json::read<Manifest>(document);
    if (!manifest) return fail(errors::damaged, fmt::format("{} is no manifest.", path.string()));
    if (manifest->format != 1) return fail(errors::damaged, fmt::format("{} was made by a newer Parley ({}).", path.string(), manifest->version));
    return *std::move(manifest);
}

std::filesystem::path Repository::content_path(std::string_view sha256) const {
    return root_ / "files" / sha256.substr(0, 2) / sha256.substr(2, 2) / sha256;
}

bool Repository::holds(std::string_view sha256, std::int64_t bytes) const {
    std::error_code code;
    const auto size = std::filesystem::file_size(content_path(sha256), code);
    return !code && std::cmp_equal(size, bytes);
}

Result<std::int64_t> Repository::prune(std::size_t keep) const {
    auto names = snapshots();
    std::unordered_set<std::string> needed;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i + keep < names.size()) std::filesystem::remove_all(root_ / "snapshots" / names[i]);
        else add_contents(database_of(names[i]), needed);
    }
    std::int64_t removed = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root_ / "files"}) {
        if (!entry.is_regular_file() || needed.contains(entry.path().filename().string())) continue;
        std::filesystem::remove(entry.path());
        ++removed;
    }
    return removed;
}

}  // namespace parley::backup
