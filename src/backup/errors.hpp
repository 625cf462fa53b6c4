// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

namespace parley::backup::errors {

inline constexpr ErrorKind failed{"backup.failed", ErrorClass::internal, "The backup could not be made or read."};
inline constexpr ErrorKind in_use{"backup.in_use", ErrorClass::conflict, "Another backup is being made in this folder."};
inline constexpr ErrorKind no_backup{"backup.none", ErrorClass::not_found, "There is no backup here."};
inline constexpr ErrorKind damaged{"backup.damaged", ErrorClass::internal, "The backup is damaged."};
inline constexpr ErrorKind not_empty{"backup.not_empty", ErrorClass::conflict, "The data folder is not empty."};

}  // namespace parley::backup::errors
