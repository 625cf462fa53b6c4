// SPDX-License-Identifier: Apache-2.0
#include "faults/disk_image.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

namespace parley::faults {
namespace {

constexpr std::size_t sector_bytes = 512;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

std::size_t DiskHistory::changes_in(std::uint64_t log_bytes) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(ends, log_bytes) - ends.begin());
}

DiskHistory read_disk_log(const std::filesystem::path& log) {
    std::ifstream file{log, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    DiskHistory history;
    DiskRecord head;
    for (std::size_t at = 0; at + sizeof head <= bytes.size();) {
        std::memcpy(&head, bytes.data() + at, sizeof head);
        at += sizeof head;
        if (at + head.text_bytes + head.data_bytes > bytes.size()) break;  // the server was ended in the middle of it
        DiskChange change{.op = head.op, .path = bytes.substr(at, head.text_bytes), .offset = head.offset};
        at += head.text_bytes;
        change.data = bytes.substr(at, head.data_bytes);
        at += head.data_bytes;
        if (const auto line = change.path.find('\n'); line != std::string::npos) {
            change.to = change.path.substr(line + 1);
            change.path.resize(line);
        }
        history.changes.push_back(std::move(change));
        history.ends.push_back(at);
    }
    return history;
}

DiskImage::DiskImage(const DiskHistory& history, std::size_t upto, std::uint64_t seed, std::string_view lied_about) : chance_(seed) {
    for (std::size_t i = 0; i < upto; ++i) {
        const auto& change = history.changes[i];
        take(change, !lied_about.empty() && change.path.ends_with(lied_about));
    }
    for (std::size_t i = 0; i < files_.size(); ++i) contents_[i] = content_after_cut(files_[i]);
    // Of each folder's changes of names the first so many hold.
    std::map<std::string, bool> goes_on;
    for (const auto& change : unsynced_names_) {
        auto [holds, first] = goes_on.try_emplace(change.folder, true);
        if (holds->second) holds->second = chance_() % 4 != 0;
        if (holds->second) change_names(*change.change, change.file, synced_names_);
    }
}

void DiskImage::take(const DiskChange& change, bool lied_about) {
    if (change.op == DiskOp::write || change.op == DiskOp::truncate) {
        if (const auto file = live_.find(change.path); file != live_.end()) files_[file->second].unsynced.push_back(&change);
        return;
    }
    if (change.op == DiskOp::sync) {
        if (lied_about) return;
        const auto file = live_.find(change.path);
        if (file == live_.end() || file->second == folder_mark) return sync_folder(change.path);
        auto& synced = files_[file->second];
        for (const auto* one : synced.unsynced) apply(*one, synced.synced);
        synced.unsynced.clear();
        return;
    }
    std::size_t file = folder_mark;
    if (change.op == DiskOp::create) {
        file = files_.size();
        files_.emplace_back();
    } else if (const auto known = live_.find(change.path); known != live_.end()) {
        file = known->second;
    }
    change_names(change, file, live_);
    unsynced_names_.push_back({&change, file, folder_of(change.path)});
}

void DiskImage::change_names(const DiskChange& change, std::size_t file, Names& names) const {
    if (change.op == DiskOp::create || change.op == DiskOp::make_folder) names[change.path] = file;
    if (change.op == DiskOp::remove || change.op == DiskOp::rename) names.erase(change.path);
    if (change.op == DiskOp::rename) names[change.to] = file;
}

void DiskImage::sync_folder(const std::string& folder) {
    for (const auto& change : unsynced_names_) {
        if (change.folder == folder) change_names(*change.change, change.file, synced_names_);
    }
    std::erase_if(unsynced_names_, [&](const NameChange& change) { return change.folder == folder; });
}

void DiskImage::apply(const DiskChange& change, std::string& content) {
    if (change.op == DiskOp::truncate) return content.resize(change.offset);
    if (content.size() < change.offset + change.data.size()) content.resize(change.offset + change.data.size());
    std::ranges::copy(change.data, content.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

std::string DiskImage::content_after_cut(const File& file) {
    auto content = file.synced;
    for (const auto* change : file.unsynced) {
        const auto fate = chance_() % 3;  // all of it, nothing, or some sectors
        if (fate == 0) apply(*change, content);
        if (fate != 2 || change->op == DiskOp::truncate) continue;
        for (std::size_t at = 0; at < change->data.size(); at += sector_bytes) {
            if (chance_() % 2 == 0) continue;
            const DiskChange sector{.op = DiskOp::write, .offset = change->offset + at, .data = change->data.substr(at, sector_bytes)};
            apply(sector, content);
        }
    }
    return content;
}

void DiskImage::write(const std::filesystem::path& root, const std::filesystem::path& to) const {
    std::filesystem::create_directories(to);
    for (const auto& [path, file] : synced_names_) {  // folders come before what is in them
        const auto target = to / std::filesystem::path{path}.lexically_relative(root);
        if (path == root.string()) continue;
        if (!std::filesystem::exists(target.parent_path())) continue;  // its folder was lost
        if (file == folder_mark) std::filesystem::create_directory(target);
        else std::ofstream{target, std::ios::binary} << contents_.at(file);
    }
}

}  // namespace parley::faults
