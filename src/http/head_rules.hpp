// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "http/head.hpp"

namespace parley::http {

/// Judges the fields and the target of `head` together, and sets what follows from them: host, target in origin form, framing, keep_alive,
/// expects_continue. Errors: those of Gate::feed.
Result<void> apply_rules(Head& head);

}  // namespace parley::http
