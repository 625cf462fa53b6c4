// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace parley::websocket {

/// What a frame is (RFC 6455 section 5.2). Every other value is reserved.
enum class Opcode : std::uint8_t { continuation = 0x0, text = 0x1, binary = 0x2, close = 0x8, ping = 0x9, pong = 0xA };

/// Why a socket ends: those this server says. 1000 to 1012 are of RFC 6455 section 7.4.1 and IANA's registry, 4000 and above are Parley's own.
enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported_data = 1003,
    invalid_text = 1007,
    policy_violation = 1008,
    too_big = 1009,
    internal_error = 1011,
    restart = 1012,
    not_signed_in = 4001,
    forbidden = 4003,
    too_slow = 4008,
    too_many_requests = 4009,
};

/// A control frame's payload is no longer than this (RFC 6455 section 5.5).
inline constexpr std::size_t max_control_bytes = 125;
/// The longest reason of a close frame: the code takes two bytes of the payload.
inline constexpr std::size_t max_reason_bytes = max_control_bytes - 2;

/// Whether a client may send `code` in a close frame: those registered for the wire, and the ranges of libraries and applications.
/// Source: RFC 6455 section 7.4; IANA "WebSocket Close Code Number Registry" (1004 to 1006 and 1015 never stand in a frame).
bool is_valid_close_code(std::uint16_t code) noexcept;

/// How a client broke the protocol: what the server says in its close frame before it cuts the connection (RFC 6455 section 7.1.7).
struct Failure {
    CloseCode code;
    std::string_view reason;  // a literal

    friend bool operator==(const Failure&, const Failure&) = default;
};

/// The head of a client's frame, read a byte at a time so that it may be cut anywhere: two bytes, 0, 2 or 8 more of length, 4 of mask
/// (RFC 6455 section 5.2).
class FrameHead {
public:
    /// The next byte of the head, which is not complete yet. Each rule is checked with the first byte that shows it broken, the mask's absence
    /// before the length. Fails with protocol_error; what depends on the frames before (a continuation of what?) is the Decoder's to check.
    /// `deflate`: permessage-deflate was agreed upon, and RSV1 says that a message is compressed (RFC 7692 section 6).
    std::expected<void, Failure> take(std::uint8_t byte, bool deflate = false);

    bool complete() const noexcept { return bytes_read_ == 2U + length_bytes_ + sizeof mask_; }

    // Good from the first byte on.
    Opcode opcode() const noexcept { return static_cast<Opcode>(first_byte_ & 0x0FU); }
    bool is_final() const noexcept { return (first_byte_ & 0x80U) != 0; }
    bool is_control() const noexcept { return (first_byte_ & 0x08U) != 0; }
    bool is_compressed() const noexcept { return (first_byte_ & 0x40U) != 0; }

    // Good once the head is complete.
    std::uint64_t payload_bytes() const noexcept { return payload_bytes_; }
    std::uint32_t mask() const noexcept { return mask_; }

private:
    std::expected<void, Failure> check_first_byte(bool deflate) const;
    std::expected<void, Failure> take_second_byte(std::uint8_t byte);
    std::expected<void, Failure> check_long_length() const;

    std::uint64_t payload_bytes_ = 0;
    std::uint32_t mask_ = 0;
    std::uint8_t first_byte_ = 0;
    std::uint8_t bytes_read_ = 0;
    std::uint8_t length_bytes_ = 0;
};

/// Appends a whole, unmasked frame, as a server sends it (RFC 6455 section 5.1), its length in the fewest bytes.
/// The payload of a control frame is at most max_control_bytes long.
void append_frame(std::string& out, Opcode opcode, std::string_view payload, bool compressed = false);

/// Appends a frame as a client sends it: for tests and load generators. `mask` is the number of RFC 6455 section 5.3, first byte on top.
void append_masked_frame(std::string& out, Opcode opcode, std::string_view payload, std::uint32_t mask, bool fin = true);

/// The payload of a close frame (RFC 6455 section 5.5.1). A `reason` above max_reason_bytes loses its end, but no character is cut in two.
std::string close_payload(CloseCode code, std::string_view reason);

/// Masks or unmasks `size` bytes in place (RFC 6455 section 5.3). `phase` is how many bytes of the same payload came before these.
void unmask(char* bytes, std::size_t size, std::uint32_t mask, std::size_t phase) noexcept;

}  // namespace parley::websocket
