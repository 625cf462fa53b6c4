// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <vector>

namespace parley::app {

/// Every error a client can be told, for the OpenAPI document and the reference.
std::vector<const ErrorKind*> all_errors();

}  // namespace parley::app
