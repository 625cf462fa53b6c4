// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/history.hpp"

namespace parley::faults {

/// Whether one order of all sends and reads explains a history of one conversation, each at some moment between its begin and its end, and its final
/// log: tried by brute force, over the sets of what has happened. What nobody knows may have happened at any time, or not at all.
/// Source: Wing and Gong, "Testing and verifying concurrent objects" (1993). Reads are the history's heads. For at most 20 operations.
bool is_linearizable(const History& history, std::int64_t conversation);

}  // namespace parley::faults
