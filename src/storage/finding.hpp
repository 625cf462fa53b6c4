// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace parley::storage {

/// Hears of something in the data that should not be, as one sentence without anybody's words in it.
using OnFinding = std::function<void(std::string)>;

}  // namespace parley::storage
