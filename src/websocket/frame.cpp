// SPDX-License-Identifier: Apache-2.0
#include "websocket/frame.hpp"

#include <array>
#include <cstring>

// Sections are those of RFC 6455.

namespace parley::websocket {
namespace {

constexpr unsigned fin_bit = 0x80;
constexpr unsigned reserved_bits = 0x70;
constexpr unsigned compressed_bit = 0x40;  // RSV1 (RFC 7692 section 6)
constexpr unsigned mask_bit = 0x80;
// Lengths of the second byte that say: the length stands in the next 2 or 8 bytes.
constexpr unsigned length_in_2_bytes = 126;
constexpr unsigned length_in_8_bytes = 127;

bool is_known(Opcode opcode) noexcept {
    switch (opcode) {
        case Opcode::continuation:
        case Opcode::text:
        case Opcode::binary:
        case Opcode::close:
        case Opcode::ping:
        case Opcode::pong: return true;
    }
    return false;
}

std::unexpected<Failure> protocol_error(std::string_view reason) { return std::unexpected{Failure{CloseCode::protocol_error, reason}}; }

template <class Integer>
void append_big_endian(std::string& out, Integer value) {
    for (std::size_t byte = sizeof value; byte-- > 0;) out += static_cast<char>((value >> (8 * byte)) & 0xFFU);
}

/// The two bytes every frame has, and the longer lengths. The minimal form is the only valid one (RFC 6455 section 5.2).
void append_head(std::string& out, unsigned first, unsigned masked, std::size_t size) {
    out += static_cast<char>(first);
    if (size < length_in_2_bytes) {
        out += static_cast<char>(masked | static_cast<unsigned>(size));
    } else if (size <= 0xFFFF) {
        out += static_cast<char>(masked | length_in_2_bytes);
        append_big_endian(out, static_cast<std::uint16_t>(size));
    } else {
        out += static_cast<char>(masked | length_in_8_bytes);
        append_big_endian(out, static_cast<std::uint64_t>(size));
    }
}

bool continues_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

bool is_valid_close_code(std::uint16_t code) noexcept {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

std::expected<void, Failure> FrameHead::take(std::uint8_t byte, bool deflate) {
    const auto at = bytes_read_++;
    if (at == 0) {
        first_byte_ = byte;
        return check_first_byte(deflate);
    }
    if (at == 1) return take_second_byte(byte);
    const auto length_end = 2 + length_bytes_;
    if (at < length_end) {
        payload_bytes_ = payload_bytes_ << 8U | byte;
        if (at + 1 == length_end) return check_long_length();
    } else {
        mask_ = mask_ << 8U | byte;
    }
    return {};
}

std::expected<void, Failure> FrameHead::check_first_byte(bool deflate) const {
    // Section 5.2: not zero without an extension that gives it a meaning. RFC 7692 section 6.1: RSV1 stands on the first frame of a message only.
    const bool begins_message = opcode() == Opcode::text || opcode() == Opcode::binary;
    const auto meaningless = deflate && begins_message ? reserved_bits & ~compressed_bit : reserved_bits;
    if ((first_byte_ & meaningless) != 0) return protocol_error("A reserved bit is set.");
    // Section 5.2: 3 to 7 and B to F are reserved.
    if (!is_known(opcode())) return protocol_error("The opcode is reserved.");
    // Section 5.5: control frames must not be fragmented.
    if (is_control() && !is_final()) return protocol_error("A control frame is fragmented.");
    return {};
}

std::expected<void, Failure> FrameHead::take_second_byte(std::uint8_t byte) {
    // Section 5.1: a server must close upon a frame that is not masked.
    if ((byte & mask_bit) == 0) return protocol_error("A frame is not masked.");
    const unsigned length = byte & ~mask_bit;
    // Section 5.5: control frames carry 125 bytes at most.
    if (is_control() && length > max_control_bytes) return protocol_error("A control frame is too long.");
    if (length == length_in_2_bytes) length_bytes_ = 2;
    else if (length == length_in_8_bytes) length_bytes_ = 8;
    else payload_bytes_ = length;
    return {};
}

std::expected<void, Failure> FrameHead::check_long_length() const {
    // Section 5.2: the most significant bit must be 0.
    if ((payload_bytes_ >> 63U) != 0) return protocol_error("The highest bit of a length is set.");
    // Section 5.2: the minimal number of bytes must be used.
    const std::uint64_t least = length_bytes_ == 2 ? length_in_2_bytes : 0x10000;
    if (payload_bytes_ < least) return protocol_error("The length of a frame is not in its shortest form.");
    return {};
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload, bool compressed) {
    append_head(out, fin_bit | (compressed ? compressed_bit : 0U) | static_cast<unsigned>(opcode), 0, payload.size());
    out += payload;
}

void append_masked_frame(std::string& out, Opcode opcode, std::string_view payload, std::uint32_t mask, bool fin) {
    append_head(out, (fin ? fin_bit : 0U) | static_cast<unsigned>(opcode), mask_bit, payload.size());
    append_big_endian(out, mask);
    out += payload;
    unmask(out.data() + out.size() - payload.size(), payload.size(), mask, 0);
}

std::string close_payload(CloseCode code, std::string_view reason) {
    auto end = reason.size();
    if (end > max_reason_bytes) {
        end = max_reason_bytes;
        while (end > 0 && continues_character(reason[end])) --end;
    }
    std::string payload;
    payload.reserve(sizeof code + end);
    append_big_endian(payload, static_cast<std::uint16_t>(code));
    payload += reason.substr(0, end);
    return payload;
}

void unmask(char* bytes, std::size_t size, std::uint32_t mask, std::size_t phase) noexcept {
    std::array<unsigned char, 8> key;
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(mask >> (24 - 8 * ((phase + i) % 4)));
    std::uint64_t key_word = 0;
    std::memcpy(&key_word, key.data(), sizeof key_word);

    std::size_t at = 0;
    for (std::uint64_t word = 0; size - at >= sizeof word; at += sizeof word) {
        std::memcpy(&word, bytes + at, sizeof word);
        word ^= key_word;
        std::memcpy(bytes + at, &word, sizeof word);
    }
    for (; at < size; ++at) bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ key[at % key.size()]);
}

}  // namespace parley::websocket
