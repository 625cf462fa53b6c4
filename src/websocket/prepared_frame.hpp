// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "websocket/frame.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace parley::websocket {

/// The bytes of a whole frame, made once and sent to any number of sockets on any number of shards.
class PreparedFrame : public boost::intrusive_ref_counter<PreparedFrame, boost::thread_safe_counter> {
public:
    explicit PreparedFrame(std::string bytes) : bytes_(std::move(bytes)) {}
    std::string_view bytes() const noexcept { return bytes_; }

private:
    const std::string bytes_;
};

using FramePtr = boost::intrusive_ptr<const PreparedFrame>;

inline FramePtr prepare(Opcode opcode, std::string_view payload) {
    std::string bytes;
    bytes.reserve(payload.size() + 10);
    append_frame(bytes, opcode, payload);
    return FramePtr{new PreparedFrame{std::move(bytes)}};  // NOLINT: the pointer counts in the object
}
inline FramePtr prepare_text(std::string_view payload) { return prepare(Opcode::text, payload); }

}  // namespace parley::websocket
