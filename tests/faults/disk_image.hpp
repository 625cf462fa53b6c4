// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/disk_log.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace parley::faults {

struct DiskChange {
    DiskOp op = DiskOp::sync;
    std::string path, to;
    std::uint64_t offset = 0;
    std::string data;
};

/// Everything a server has done to its folder, in order. `ends`: where in the log each change ends.
struct DiskHistory {
    std::vector<DiskChange> changes;
    std::vector<std::uint64_t> ends;

    /// How many changes stand in the first so many bytes of the log.
    std::size_t changes_in(std::uint64_t log_bytes) const;
};
DiskHistory read_disk_log(const std::filesystem::path& log);

/// The folder as it may be found after the power went when `upto` changes were made: what was synced, and of the rest what chance left there. A write
/// that nobody synced is there, or not, or some of its sectors of 512 bytes are; a name that is new, changed or gone is so only once its folder was
/// synced, or if chance will have it.
class DiskImage {
public:
    /// Syncs of files whose path ends with `lied_about` do nothing, as on a disk that lies: the control, which has to lose something.
    DiskImage(const DiskHistory& history, std::size_t upto, std::uint64_t seed, std::string_view lied_about = {});

    /// Writes it out: `root`, where it was recorded, becomes `to`.
    void write(const std::filesystem::path& root, const std::filesystem::path& to) const;

private:
    struct File {
        std::string synced;
        std::vector<const DiskChange*> unsynced;  // writes and truncations, in order
    };
    /// Names, as a folder's own: each is changed by create, rename, remove and make_folder.
    using Names = std::map<std::string, std::size_t>;  // path → file; folder_mark for a folder

    static constexpr std::size_t folder_mark = ~std::size_t{0};

    void take(const DiskChange& change, bool lied_about);
    static void apply(const DiskChange& change, std::string& content);
    std::string content_after_cut(const File& file);
    void sync_folder(const std::string& folder);
    void change_names(const DiskChange& change, std::size_t file, Names& names) const;

    std::mt19937_64 chance_;
    std::vector<File> files_;
    Names live_, synced_names_;
    struct NameChange {
        const DiskChange* change;
        std::size_t file;
        std::string folder;
    };
    std::vector<NameChange> unsynced_names_;
    std::map<std::size_t, std::string> contents_;
};

}  // namespace parley::faults
