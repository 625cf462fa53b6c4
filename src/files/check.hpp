// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blob/blob_store.hpp"
#include "files/types.hpp"
#include "storage/finding.hpp"
#include "storage/transaction.hpp"

#include <string>
#include <vector>

namespace parley::files {

/// What is wrong with the bytes of files.
struct Damage {
    std::vector<FileRow> files;        // their bytes are missing, or not what was uploaded
    std::vector<std::string> orphans;  // blobs that belong to no file
};

/// Reads every byte of every file and compares its SHA-256. With a server running, files that go meanwhile are not counted.
Damage check(storage::Connection& db, blob::BlobStore& blobs, const storage::OnFinding& found);

}  // namespace parley::files
