// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/history.hpp"
#include "support/socket_client.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace parley::faults {

/// What of an event (api.md section 4) never changes, whenever it is read: not the text, files and reactions of its message.
std::string identity_of(const testing::Json& event);
/// An event as an entry of a log.
Entry entry_of(const testing::Json& event);

/// The next text frame as it came, nothing if none comes in time. Throws std::runtime_error when the socket closes.
std::optional<std::string> next_text(testing::SocketClient& socket, std::chrono::milliseconds limit);

}  // namespace parley::faults
