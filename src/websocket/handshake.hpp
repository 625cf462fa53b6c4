// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <span>
#include <string>
#include <string_view>

// The opening handshake (RFC 6455 section 4.2) as functions of header values. A value comes without the white space around it; one that is absent
// is empty; the values of a header sent several times are joined by commas (RFC 9110 section 5.3).
//
// Sec-WebSocket-Extensions is read by deflate.hpp alone, if realtime.compression is on. What is not granted is left out of the answer, and the
// connection goes on without (RFC 6455 section 9.1). So nothing in it can break anything.

namespace parley::websocket {

struct UpgradeHeaders {
    std::string_view upgrade;
    std::string_view connection;
    std::string_view version;  // Sec-WebSocket-Version
    std::string_view key;      // Sec-WebSocket-Key
};

/// Whether a GET with these headers opens a WebSocket (RFC 6455 section 4.2.1, items 3 to 6). Origin and Host are the caller's to check.
/// Errors: not_an_upgrade; unsupported_version; invalid_key.
Result<void> check_upgrade(const UpgradeHeaders& headers);

/// The value of Sec-WebSocket-Accept that answers a checked key (RFC 6455 section 4.2.2, item 5.4).
std::string accept_key(std::string_view sec_websocket_key);

/// The subprotocol to answer with: the first of the client's list, which is in its order of preference, that is in `known`; empty when none is
/// offered. It is one of `known`, never a view of the header. Names are compared byte for byte.
/// Errors: unknown_subprotocol, when there are offers and none is known.
/// Source: RFC 6455 section 4.2.2, item 5.5; to refuse is our choice, for a client that speaks nothing we do would only fail later.
Result<std::string_view> choose_subprotocol(std::string_view offered, std::span<const std::string_view> known);

}  // namespace parley::websocket
