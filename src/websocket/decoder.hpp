// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/utf8.hpp"
#include "websocket/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley::websocket {

/// What a client may ask the server to hold.
struct Limits {
    std::size_t max_message_bytes = std::size_t{64} * 1024;
    std::size_t max_fragments = 1024;  // frames of one message, empty ones too
};

/// Who takes what a Decoder reads. The views are good until the call returns. To return false is to read no further: the socket was closed.
class Sink {
public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;

    /// A whole message of valid UTF-8.
    virtual bool on_text(std::string_view message) = 0;
    virtual bool on_binary(std::string_view message) = 0;
    virtual bool on_ping(std::string_view payload) = 0;
    virtual bool on_pong(std::string_view payload) = 0;
    /// The client closes; nothing is read after it. No code: the frame held none (1005 in RFC 6455 section 7.1.5). A code is a valid one.
    virtual void on_close(std::optional<std::uint16_t> code, std::string_view reason) = 0;

protected:
    ~Sink() = default;
};

/// What became of the bytes that were fed, when they broke no rule.
enum class Fed : std::uint8_t {
    all,     // read to the last byte; more may come
    closed,  // the sink closed the socket, or the client did; the rest was not looked at
};

/// Reads the frames of one client (RFC 6455), without a socket: bytes in, messages out. How the bytes are cut into pieces makes no difference.
///
/// A message in one frame that lies whole in the fed bytes is handed on as a view of them. Everything else is gathered as it arrives, whatever
/// length was declared, at most max_message_bytes (the string that grows may hold twice that), and freed with the end of its message: between
/// messages a decoder holds nothing but itself.
/// The reserved bits are an error, but for RSV1 on the first frame of a message once permessage-deflate is agreed upon (deflate.hpp): such a message
/// is gathered as it came, at most max_message_bytes, and opened when it is whole, to at most as many.
class Decoder {
public:
    explicit Decoder(Limits limits = {}) : limits_(limits) {}

    void use_deflate() noexcept { deflate_ = true; }

    /// Reads `bytes`, which are unmasked in place, and calls `sink` for each thing that became complete; it must not destroy this decoder.
    /// After `closed` or a Failure there is no place to go on from: further bytes are not read, the answer is `closed`.
    /// Failures: protocol_error, invalid_text, policy_violation (too many fragments), too_big.
    std::expected<Fed, Failure> feed(std::span<char> bytes, Sink& sink);

    /// All the memory this decoder takes, itself included.
    std::size_t memory_bytes() const noexcept;

private:
    using Step = std::expected<Fed, Failure>;

    Step read(std::span<char> bytes, Sink& sink);
    std::expected<void, Failure> read_head(std::span<char>& bytes);
    std::expected<void, Failure> begin_frame();
    Step take_payload(std::span<char> part, Sink& sink);
    Step take_data(std::string_view part, Sink& sink);
    Step take_control(std::string_view part, Sink& sink);
    Step finish_message(std::string_view message, Sink& sink);
    Step finish_compressed(Opcode kind, std::string_view payload, Sink& sink);
    Step finish_control(std::string_view payload, Sink& sink);
    void end_frame() noexcept;

    bool frame_complete() const noexcept { return payload_read_ == head_.payload_bytes(); }

    Limits limits_;
    FrameHead head_;                  // of the frame being read
    std::uint64_t payload_read_ = 0;  // bytes of it
    std::size_t fragments_ = 0;       // of the message being read; control frames may come between them
    std::string gathered_;            // the message so far; after it, while one is cut, the payload of a control frame
    std::optional<Opcode> message_;   // text or binary; nothing between messages
    Utf8Validator text_;              // complete between messages
    bool ended_ = false;
    bool deflate_ = false;
    bool compressed_ = false;  // the message being read
};

}  // namespace parley::websocket
