// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/finding.hpp"
#include "storage/transaction.hpp"

namespace parley::chat {

/// Looks at every event of every conversation that is there: that each log is 1, 2, 3 … without a gap, that the index leads to every event it should
/// and to nothing else, that repeats of every message would be known, and that totals and marks are what the log says. At most 20 findings of a kind.
void check(storage::Connection& db, const storage::OnFinding& found);

/// Makes everything anew that follows from the log: index, known repeats, totals. Not with a Log on the same database. What is gone from the log
/// itself stays gone.
void rebuild(storage::Transaction& tx);

}  // namespace parley::chat
