// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "websocket/frame.hpp"

#include <atomic>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace parley::websocket {

class PreparedFrame;
using FramePtr = boost::intrusive_ptr<const PreparedFrame>;

/// The bytes of a whole frame, or of several that follow each other, made once and sent to any number of sockets on any number of shards.
class PreparedFrame : public boost::intrusive_ref_counter<PreparedFrame, boost::thread_safe_counter> {
public:
    explicit PreparedFrame(std::string bytes) : own_(std::move(bytes)), bytes_(own_) {}
    /// A part of what `whole` holds, and keeps.
    PreparedFrame(FramePtr whole, std::string_view part) : whole_(std::move(whole)), bytes_(part) {}
    ~PreparedFrame();
    PreparedFrame(const PreparedFrame&) = delete;
    PreparedFrame& operator=(const PreparedFrame&) = delete;

    std::string_view bytes() const noexcept { return bytes_; }

    /// This frame for a socket with permessage-deflate: compressed when the first one asks, and kept for all others on all shards. The frame itself
    /// where that gains nothing. Of a single, uncompressed frame.
    FramePtr compressed() const;

private:
    mutable std::atomic<const PreparedFrame*> compressed_ = nullptr;  // itself if it gains nothing, else counted
    const std::string own_;
    const FramePtr whole_;
    const std::string_view bytes_;
};

/// Of whole frames.
inline FramePtr prepare_bytes(std::string frames) {
    return FramePtr{new PreparedFrame{std::move(frames)}};  // NOLINT: the pointer counts in the object
}
inline FramePtr part_of(const FramePtr& whole, std::size_t begin, std::size_t end) {
    return FramePtr{new PreparedFrame{whole, whole->bytes().substr(begin, end - begin)}};  // NOLINT: as above
}

inline FramePtr prepare(Opcode opcode, std::string_view payload) {
    std::string bytes;
    bytes.reserve(payload.size() + 10);
    append_frame(bytes, opcode, payload);
    return prepare_bytes(std::move(bytes));
}
inline FramePtr prepare_text(std::string_view payload) { return prepare(Opcode::text, payload); }

/// The payload inside a single frame that `prepare` made: unmasked, with 0, 2 or 8 bytes of length behind the first two (RFC 6455 section 5.2).
inline std::string_view payload_of(const PreparedFrame& frame) noexcept {
    const auto bytes = frame.bytes();
    const auto length = static_cast<unsigned char>(bytes[1]) & 0x7FU;
    return bytes.substr(length == 126 ? 4 : length == 127 ? 10 : 2);
}

}  // namespace parley::websocket
