// SPDX-License-Identifier: Apache-2.0
#include "core/disk_room.hpp"

#include <sys/statvfs.h>
#include <algorithm>
#include <cstdint>

namespace parley {

bool disk_has_room(const std::filesystem::path& path) noexcept {
    struct statvfs information{};
    if (::statvfs(path.c_str(), &information) != 0) return true;
    constexpr std::uint64_t most = 256ULL << 20;
    const std::uint64_t block = information.f_frsize, total = information.f_blocks * block;
    return information.f_bavail * block > std::min(most, total / 20);
}

}  // namespace parley
