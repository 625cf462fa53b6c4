// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace parley::pages {

/// The text compressed as gzip (RFC 1952), without a name and a time, so that equal texts give equal bytes. Throws std::runtime_error if there is no
/// memory.
std::string gzip(std::string_view text);

}  // namespace parley::pages
