// SPDX-License-Identifier: Apache-2.0
#include "frames.hpp"

#include <cstring>

namespace parley::bench {
namespace {

constexpr std::uint32_t mask = 0x37FA213D;
constexpr unsigned final_bit = 0x80, masked_bit = 0x80, compressed_bit = 0x40;

void add_head(std::string& out, Opcode opcode, std::size_t size, unsigned mask_bit) {
    out += static_cast<char>(final_bit | static_cast<unsigned>(opcode));
    if (size < 126) {
        out += static_cast<char>(mask_bit | size);
        return;
    }
    out += static_cast<char>(mask_bit | 126U);
    out += static_cast<char>(size >> 8U);
    out += static_cast<char>(size);
}

void apply_mask(char* at, std::size_t left, std::uint32_t key) {
    std::uint32_t word = 0;
    for (; left >= sizeof word; left -= sizeof word, at += sizeof word) {
        std::memcpy(&word, at, sizeof word);
        word ^= key;
        std::memcpy(at, &word, sizeof word);
    }
    for (std::size_t i = 0; i < left; ++i) at[i] = static_cast<char>(at[i] ^ reinterpret_cast<const char*>(&key)[i]);
}

std::size_t big_endian(std::string_view bytes) {
    std::size_t value = 0;
    for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
}

/// The size of the head and of the payload of the frame at the front; false if not all of it is there.
bool measure(std::string_view bytes, std::size_t key_bytes, std::size_t& head, std::size_t& size) {
    if (bytes.size() < 2) return false;
    head = 2 + key_bytes;
    size = static_cast<unsigned char>(bytes[1]) & 0x7FU;
    if (size >= 126) {
        const std::size_t length_bytes = size == 126 ? 2 : 8;
        head += length_bytes;
        if (bytes.size() < head) return false;
        size = big_endian(bytes.substr(2, length_bytes));
    }
    return bytes.size() >= head + size;
}

}  // namespace

void add_client_frame(std::string& out, Opcode opcode, std::string_view payload) {
    add_head(out, opcode, payload.size(), masked_bit);
    out.append(reinterpret_cast<const char*>(&mask), sizeof mask);
    const auto begin = out.size();
    out += payload;
    apply_mask(out.data() + begin, payload.size(), mask);
}

void add_server_frame(std::string& out, Opcode opcode, std::string_view payload) {
    add_head(out, opcode, payload.size(), 0);
    out += payload;
}

std::optional<ServerFrame> take_server_frame(std::string_view& bytes) {
    std::size_t head = 0, size = 0;
    if (!measure(bytes, 0, head, size)) return std::nullopt;
    const auto first = static_cast<unsigned char>(bytes[0]);
    const ServerFrame frame{static_cast<Opcode>(first & 0x0FU), (first & compressed_bit) != 0, bytes.substr(head, size)};
    bytes.remove_prefix(head + size);
    return frame;
}

bool take_client_frame(std::string_view& bytes, std::string& payload) {
    std::size_t head = 0, size = 0;
    std::uint32_t key = 0;
    if (!measure(bytes, sizeof key, head, size)) return false;
    std::memcpy(&key, bytes.data() + head - sizeof key, sizeof key);
    payload = bytes.substr(head, size);
    apply_mask(payload.data(), size, key);
    bytes.remove_prefix(head + size);
    return true;
}

std::string upgrade_request(std::uint16_t port, std::string_view target, std::string_view headers) {
    std::string request = "GET " + std::string{target} + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port);
    request += "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    request += headers;
    return request + "\r\n";
}

}  // namespace parley::bench
