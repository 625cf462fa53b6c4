// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <random>
#include <string_view>
#include <vector>

namespace parley::testing {

/// `bytes` as a connection may deliver them: cut at random places, the same for the same seed, one byte to `most` bytes each.
inline std::vector<std::string_view> pieces(std::string_view bytes, unsigned seed, std::size_t most) {
    std::minstd_rand engine{seed};
    std::uniform_int_distribution<std::size_t> size{1, most};
    std::vector<std::string_view> parts;
    while (!bytes.empty()) {
        parts.push_back(bytes.substr(0, size(engine)));
        bytes.remove_prefix(parts.back().size());
    }
    return parts;
}

}  // namespace parley::testing
