// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/make.hpp"
#include "core/random.hpp"
#include "storage/finding.hpp"

#include <cstdint>

namespace parley::backup {

/// Looks at everything a data folder holds: the database's own pages and references, every log, every byte of every file. Changes nothing, and may
/// run beside the server. Returns how many findings there were. Errors: failed.
Result<std::int64_t> check(const Place& place, const storage::OnFinding& found);

/// Repairs what can be, with the server stopped: what follows from the log is made anew; a file whose bytes are wrong is deleted, as its uploader
/// could, and the bytes are put aside in `<data_dir>/damaged`; bytes that belong to no file go. `done` hears what was done. Errors: failed,
/// folder_in_use, folder_unusable.
Result<void> repair(const Place& place, const Clock& clock, Random& random, const storage::OnFinding& done);

}  // namespace parley::backup
