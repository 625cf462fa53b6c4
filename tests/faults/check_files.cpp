// SPDX-License-Identifier: Apache-2.0
#include "faults/checker.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>

namespace parley::faults {
namespace {

bool may_be_deleted(const History& history, std::int64_t file) {
    return std::ranges::any_of(history.changes,
                               [&](const Change& change) { return change.what == file_of(file) && change.outcome != Outcome::refused; });
}

void check_uploads(const History& history, Anomalies& found) {
    std::map<std::string, std::vector<std::int64_t>> by_name;
    for (const auto& [id, file] : history.files) by_name[file.name].push_back(id);
    for (const auto& upload : history.uploads) {
        const auto& stored = by_name[upload.name];
        if (stored.size() > 1) found.push_back({"duplicate", upload.name + " was uploaded once and is there several times"});
        if (upload.outcome == Outcome::refused && !stored.empty()) found.push_back({"phantom", upload.name + " was refused"});
        if (upload.outcome == Outcome::ok && !may_be_deleted(history, upload.file) && std::ranges::find(stored, upload.file) == stored.end())
            found.push_back({"lost write", fmt::format("file {} ({}) was acknowledged", upload.file, upload.name)});
        for (const auto id : stored) {
            const auto& file = history.files.at(id);
            if (file.size != upload.size || file.sha256 != upload.sha256 || file.content_sha256 != upload.sha256)
                found.push_back({"torn", fmt::format("file {} ({}) is not what was uploaded", id, upload.name)});
        }
    }
}

void check_references(const History& history, Anomalies& found) {
    for (const auto& [id, conversation] : history.conversations) {
        for (const auto& [seq, message] : conversation.messages) {
            for (const auto file : message.files) {
                if (!history.files.contains(file))
                    found.push_back({"torn", fmt::format("message {}/{} carries file {}, which is gone", id, seq, file)});
            }
        }
    }
}

void check_disk(const History& history, Anomalies& found) {
    std::set<std::string> known;
    const std::set<std::string> blobs(history.disk.blobs.begin(), history.disk.blobs.end());
    for (const auto& [name, ready] : history.disk.rows) {
        known.insert(name);
        if (ready && !blobs.contains(name)) found.push_back({"torn", "a ready file has no bytes on the disk: " + name});
        if (!ready) found.push_back({"torn", "an upload that ended was not cleared away: " + name});
    }
    for (const auto& name : blobs) {
        if (!known.contains(name)) found.push_back({"torn", "bytes on the disk that no row knows: " + name});
    }
    for (const auto& complaint : history.disk.complaints) found.push_back({"torn", "the database: " + complaint});
}

}  // namespace

void check_files(const History& history, Anomalies& found) {
    check_uploads(history, found);
    check_references(history, found);
    check_disk(history, found);
}

}  // namespace parley::faults
