// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace parley {

/// Whether the file system of `path` has more left than the headroom, 256 MiB or 5 % of it, whichever is less. What adds data stops at the headroom,
/// so that deleting, signing in and placing what is acknowledged already still find room. True where the file system does not tell. One system call.
bool disk_has_room(const std::filesystem::path& path) noexcept;

}  // namespace parley
