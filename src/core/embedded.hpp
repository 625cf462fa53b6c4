// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace parley {

/// A file the binary carries inside; `cmake/embed.cmake` puts it there.
struct EmbeddedFile {
    std::string_view name;
    std::string_view content;
};

}  // namespace parley
