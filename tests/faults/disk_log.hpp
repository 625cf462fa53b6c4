// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// What the recorder (preload/disk_recorder.cpp) writes of each change to the data folder, and the replayer (disk_image) reads.
namespace parley::faults {

enum class DiskOp : std::uint8_t {
    create = 1,    // a file that was not there; `text` is its path
    write = 2,     // at `offset`; `text` is the path, the bytes follow
    truncate = 3,  // to `offset` bytes
    sync = 4,      // of a file or a folder: fsync, fdatasync
    rename = 5,    // `text` is "from\nto"
    remove = 6,
    make_folder = 7,
};

/// In front of the text and the bytes of each.
struct DiskRecord {
    DiskOp op = DiskOp::sync;
    std::uint8_t reserved[3] = {};
    std::uint32_t text_bytes = 0;
    std::uint32_t data_bytes = 0;
    std::uint32_t padding = 0;
    std::uint64_t offset = 0;
};

}  // namespace parley::faults
