// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// WebSocket frames made and read by hand (RFC 6455 section 5.2): what a load generator spends, it cannot load with.
namespace parley::bench {

enum class Opcode : std::uint8_t { text = 0x1, binary = 0x2, close = 0x8, ping = 0x9, pong = 0xA };

/// Adds a frame as a client sends it: whole and masked. At most 65 535 bytes.
void add_client_frame(std::string& out, Opcode opcode, std::string_view payload);
/// Adds a frame as a server sends it: whole and not masked. At most 65 535 bytes.
void add_server_frame(std::string& out, Opcode opcode, std::string_view payload);

/// A frame as a server sends it: neither masked nor in fragments.
struct ServerFrame {
    Opcode opcode{};
    bool is_compressed = false;  // RSV1 (RFC 7692 section 6)
    std::string_view payload;
};
/// Takes the frame at the front off `bytes`, if it is there whole.
std::optional<ServerFrame> take_server_frame(std::string_view& bytes);
/// Takes a client's frame off `bytes`, if it is there whole, and unmasks it into `payload`.
bool take_client_frame(std::string_view& bytes, std::string& payload);

/// A client's request to switch to WebSocket; `headers` are whole lines.
std::string upgrade_request(std::uint16_t port, std::string_view target, std::string_view headers);

}  // namespace parley::bench
