// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::websocket::errors {

// Either goes out as 426 and names what is spoken here: `Upgrade: websocket`, `Sec-WebSocket-Version: 13` (RFC 6455 section 4.4).
inline constexpr ErrorKind not_an_upgrade{"websocket.not_an_upgrade", ErrorClass::upgrade_required, "This address speaks WebSocket only."};
inline constexpr ErrorKind unsupported_version{"websocket.unsupported_version", ErrorClass::upgrade_required,
                                               "Only version 13 of the WebSocket protocol is spoken here."};
inline constexpr ErrorKind invalid_key{"websocket.invalid_key", ErrorClass::malformed, "Sec-WebSocket-Key must be 16 bytes in base64."};
inline constexpr ErrorKind unknown_subprotocol{"websocket.unknown_subprotocol", ErrorClass::malformed,
                                               "None of the offered WebSocket subprotocols is spoken here."};

inline constexpr std::array all{&not_an_upgrade, &unsupported_version, &invalid_key, &unknown_subprotocol};

}  // namespace parley::websocket::errors
