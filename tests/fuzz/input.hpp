// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/pieces.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace parley::fuzz {

/// What a fuzzer finds must be seen in every build, so not by assert.
inline void require(bool holds) {
    if (!holds) std::abort();
}

/// An input for a parser that is fed in pieces: a byte that chooses how the rest is cut, and the rest.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) : seed_(size > 0 ? data[0] : 0U), bytes_(size > 0 ? data + 1 : data, data + size) {}

    const std::string& bytes() const noexcept { return bytes_; }
    std::vector<std::string_view> pieces() const { return testing::pieces(bytes_, seed_, seed_ % 16 + 1); }

private:
    unsigned seed_;
    std::string bytes_;
};

}  // namespace parley::fuzz
