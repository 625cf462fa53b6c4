// SPDX-License-Identifier: Apache-2.0
#include "core/random.hpp"

#include "core/encoding.hpp"

#include <sys/random.h>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace parley {

std::uint64_t Random::below(std::uint64_t bound) {
    std::uint64_t value = 0;
    fill(std::as_writable_bytes(std::span{&value, 1}));
    return value % bound;
}

std::string Random::token() {
    std::array<std::byte, 32> bytes{};
    fill(bytes);
    return base64url_encode(bytes);
}

std::string Random::name() {
    std::array<std::byte, 16> bytes{};
    fill(bytes);
    return hex_encode(bytes);
}

void SystemRandom::fill(std::span<std::byte> out) {
    while (!out.empty()) {
        const auto got = ::getrandom(out.data(), out.size(), 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            throw std::system_error(errno, std::generic_category(), "getrandom");
        }
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

}  // namespace parley
