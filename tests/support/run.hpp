// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/blocking.hpp"

namespace parley::testing {

using Loop = BlockingLoop;

template <class T>
T run(Task<T> task) {
    return run_blocking(std::move(task));
}

}  // namespace parley::testing
