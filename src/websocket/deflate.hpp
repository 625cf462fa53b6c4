// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "websocket/frame.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

/// permessage-deflate (RFC 7692), without context takeover in both directions: every message is compressed by itself. So one compressed form of an
/// event serves every receiver, and a socket that says nothing costs no window.
namespace parley::websocket {

/// What to answer to the joined values of Sec-WebSocket-Extensions; nothing if no offer can be accepted, which is no error: the connection goes on
/// without. An offer with a parameter that is unknown, twice there or ill-valued is declined (RFC 7692 section 7), and one that wants a smaller
/// window of us, because all receivers share what was compressed.
std::optional<std::string_view> accept_deflate(std::string_view offered);

/// The payload of a compressed message: without the empty block at the end (RFC 7692 section 7.2.1).
std::string deflate(std::string_view message);

/// The message in a compressed payload. Failures: too_big, above `most_bytes`, and no more than these are ever held; invalid_text (1007) for what is
/// no DEFLATE.
std::expected<std::string, Failure> inflate(std::string_view payload, std::size_t most_bytes);

}  // namespace parley::websocket
