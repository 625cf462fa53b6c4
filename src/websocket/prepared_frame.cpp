// SPDX-License-Identifier: Apache-2.0
#include "websocket/prepared_frame.hpp"

#include "websocket/deflate.hpp"

namespace parley::websocket {
namespace {

/// Below this the head of a frame and the blocks of DEFLATE eat the gain.
constexpr std::size_t least_payload_bytes = 128;

}  // namespace

PreparedFrame::~PreparedFrame() {
    const auto* compressed = compressed_.load(std::memory_order_acquire);
    if (compressed != nullptr && compressed != this) intrusive_ptr_release(compressed);
}

FramePtr PreparedFrame::compressed() const {
    if (const auto* known = compressed_.load(std::memory_order_acquire)) return FramePtr{known};
    const auto payload = payload_of(*this);
    if (static_cast<Opcode>(static_cast<unsigned char>(bytes_[0]) & 0x0FU) != Opcode::text || payload.size() < least_payload_bytes)
        return FramePtr{this};
    std::string bytes;
    append_frame(bytes, Opcode::text, deflate(payload), true);
    const auto made = bytes.size() < bytes_.size() ? prepare_bytes(std::move(bytes)) : FramePtr{this};
    // Two shards may make it at the same time: the first one's stays.
    const PreparedFrame* expected = nullptr;
    if (made.get() != this) intrusive_ptr_add_ref(made.get());
    if (compressed_.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel)) return made;
    if (made.get() != this) intrusive_ptr_release(made.get());
    return FramePtr{expected};
}

}  // namespace parley::websocket
