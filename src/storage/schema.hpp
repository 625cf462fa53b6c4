// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/embedded.hpp"

#include <span>

namespace parley::embedded {

/// The files of migrations/, for `storage::migrations_for`.
std::span<const EmbeddedFile> migrations();

}  // namespace parley::embedded
