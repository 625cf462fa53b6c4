// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::blob::errors {

inline constexpr ErrorKind full{"storage_full", ErrorClass::storage_full, "The disk is full. Reading and deleting still work."};
inline constexpr ErrorKind failed{"blob.failed", ErrorClass::internal, "The file storage has failed."};
inline constexpr ErrorKind missing{"blob.missing", ErrorClass::internal, "The content of this file is missing."};

inline constexpr std::array all{&full, &failed, &missing};

}  // namespace parley::blob::errors
