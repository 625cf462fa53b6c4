// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace parley::bench {

/// The floor of a fan-out: one thread that takes WebSocket frames off its sockets and copies each to all of them, written once a turn. It knows
/// nobody, keeps nothing and answers nothing. Serves until it is killed.
[[noreturn]] void serve_bare_fanout(std::uint16_t port);

}  // namespace parley::bench
