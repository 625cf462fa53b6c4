// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace parley::bench {

/// What a server has asked the C library for since it was started with bench/preload in it.
struct CallCounts {
    std::atomic<std::uint64_t> allocations, sends, receives, polls, file_writes, syncs;
};

}  // namespace parley::bench
