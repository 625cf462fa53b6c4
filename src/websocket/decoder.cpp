// SPDX-License-Identifier: Apache-2.0
#include "websocket/decoder.hpp"

#include "core/result.hpp"
#include "websocket/deflate.hpp"

#include <algorithm>
#include <utility>

// Sections are those of RFC 6455.

namespace parley::websocket {
namespace {

std::unexpected<Failure> broken(CloseCode code, std::string_view reason) { return std::unexpected{Failure{code, reason}}; }

Fed fed(bool open) noexcept { return open ? Fed::all : Fed::closed; }

std::expected<Fed, Failure> take_close(std::string_view payload, Sink& sink) {
    if (payload.empty()) {
        sink.on_close(std::nullopt, {});
        return Fed::closed;
    }
    // Section 5.5.1: a payload begins with a code of two bytes.
    if (payload.size() == 1) return broken(CloseCode::protocol_error, "A close frame holds half a code.");
    const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(payload[at])); };
    const auto code = static_cast<std::uint16_t>(byte(0) << 8U | byte(1));
    // Section 7.4: the others are reserved, or never stand in a frame.
    if (!is_valid_close_code(code)) return broken(CloseCode::protocol_error, "The code of a close frame is not valid.");
    const auto reason = payload.substr(sizeof code);
    // Sections 5.5.1 and 8.1: the rest is UTF-8.
    if (!is_utf8(reason)) return broken(CloseCode::invalid_text, "The reason of a close frame is not UTF-8.");
    sink.on_close(code, reason);
    return Fed::closed;
}

}  // namespace

std::expected<Fed, Failure> Decoder::feed(std::span<char> bytes, Sink& sink) {
    if (ended_) return Fed::closed;
    auto step = read(bytes, sink);
    ended_ = step != Fed::all;
    return step;
}

std::size_t Decoder::memory_bytes() const noexcept {
    const bool on_heap = gathered_.capacity() > std::string{}.capacity();
    return sizeof *this + (on_heap ? gathered_.capacity() + 1 : 0);
}

Decoder::Step Decoder::read(std::span<char> bytes, Sink& sink) {
    while (!bytes.empty()) {
        if (!head_.complete()) CHECK(read_head(bytes));
        if (!head_.complete()) break;
        const auto part = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), head_.payload_bytes() - payload_read_)));
        bytes = bytes.subspan(part.size());
        TRY(const auto step, take_payload(part, sink));
        if (step == Fed::closed) return step;
    }
    return Fed::all;
}

std::expected<void, Failure> Decoder::read_head(std::span<char>& bytes) {
    while (!bytes.empty()) {
        CHECK(head_.take(static_cast<std::uint8_t>(bytes.front()), deflate_));
        bytes = bytes.subspan(1);
        if (head_.complete()) return begin_frame();
    }
    return {};
}

std::expected<void, Failure> Decoder::begin_frame() {
    // Section 5.4: control frames may come between fragments; the message is not touched.
    if (head_.is_control()) return {};
    const bool continues = head_.opcode() == Opcode::continuation;
    // Section 5.4: the fragments of a message follow each other, the first with its opcode, the others as continuations.
    if (continues && !message_) return broken(CloseCode::protocol_error, "There is no message to continue.");
    if (!continues && message_) return broken(CloseCode::protocol_error, "A message begins within another.");
    if (!continues) {
        message_ = head_.opcode();
        compressed_ = head_.is_compressed();
        fragments_ = 0;
    }
    // Section 10.4 leaves the limits to us. Both hold before a byte of the payload is kept.
    if (++fragments_ > limits_.max_fragments) return broken(CloseCode::policy_violation, "A message has too many fragments.");
    if (head_.payload_bytes() > limits_.max_message_bytes - gathered_.size()) return broken(CloseCode::too_big, "A message is too big.");
    return {};
}

Decoder::Step Decoder::take_payload(std::span<char> part, Sink& sink) {
    unmask(part.data(), part.size(), head_.mask(), static_cast<std::size_t>(payload_read_));
    payload_read_ += part.size();
    const std::string_view plain{part.data(), part.size()};
    return head_.is_control() ? take_control(plain, sink) : take_data(plain, sink);
}

Decoder::Step Decoder::take_data(std::string_view part, Sink& sink) {
    // Section 8.1: a text that is not UTF-8 fails the connection; at its first impossible byte, not only when the message is whole.
    if (message_ == Opcode::text && !compressed_ && !text_.feed(part)) return broken(CloseCode::invalid_text, "A text is not UTF-8.");
    const bool last = frame_complete() && head_.is_final();
    const bool whole = last && gathered_.empty();
    if (!whole) gathered_ += part;
    if (frame_complete()) end_frame();
    if (!last) return Fed::all;
    if (whole) return finish_message(part, sink);
    const auto message = std::exchange(gathered_, {});
    return finish_message(message, sink);
}

Decoder::Step Decoder::finish_message(std::string_view message, Sink& sink) {
    const auto kind = std::exchange(message_, std::nullopt);
    if (compressed_) return finish_compressed(*kind, message, sink);
    if (kind == Opcode::binary) return fed(sink.on_binary(message));
    if (!text_.complete()) return broken(CloseCode::invalid_text, "A text ends within a character.");
    return fed(sink.on_text(message));
}

Decoder::Step Decoder::finish_compressed(Opcode kind, std::string_view payload, Sink& sink) {
    TRY(const auto message, inflate(payload, limits_.max_message_bytes));
    if (kind == Opcode::binary) return fed(sink.on_binary(message));
    if (!is_utf8(message)) return broken(CloseCode::invalid_text, "A text is not UTF-8.");
    return fed(sink.on_text(message));
}

Decoder::Step Decoder::take_control(std::string_view part, Sink& sink) {
    if (part.size() == head_.payload_bytes()) return finish_control(part, sink);
    gathered_ += part;
    if (!frame_complete()) return Fed::all;
    if (!message_) return finish_control(std::exchange(gathered_, {}), sink);
    const auto message_bytes = gathered_.size() - static_cast<std::size_t>(payload_read_);
    const auto payload = gathered_.substr(message_bytes);
    gathered_.resize(message_bytes);
    return finish_control(payload, sink);
}

Decoder::Step Decoder::finish_control(std::string_view payload, Sink& sink) {
    const auto opcode = head_.opcode();
    end_frame();
    if (opcode == Opcode::ping) return fed(sink.on_ping(payload));
    if (opcode == Opcode::pong) return fed(sink.on_pong(payload));
    return take_close(payload, sink);
}

void Decoder::end_frame() noexcept {
    head_ = {};
    payload_read_ = 0;
}

}  // namespace parley::websocket
