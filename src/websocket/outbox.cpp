// SPDX-License-Identifier: Apache-2.0
#include "websocket/outbox.hpp"

#include <algorithm>
#include <array>

namespace parley::websocket {
namespace {

/// Parts of one sendmsg: enough for a busy group's frames, and well under IOV_MAX.
constexpr std::size_t most_parts = 256;
/// An idle socket keeps room for this many references.
constexpr std::size_t kept_capacity = 16;

}  // namespace

net::Socket::Status Outbox::flush(net::Socket& socket) {
    while (!empty()) {
        std::array<iovec, most_parts> parts;
        const auto count = std::min(most_parts, frames_.size() - first_);
        for (std::size_t i = 0; i < count; ++i) {
            const auto bytes = frames_[first_ + i]->bytes();
            parts[i] = {const_cast<char*>(bytes.data()), bytes.size()};
        }
        parts[0].iov_base = static_cast<char*>(parts[0].iov_base) + sent_of_first_;
        parts[0].iov_len -= sent_of_first_;
        const auto [status, sent] = socket.write(std::span{parts}.first(count));
        if (status != net::Socket::Status::done) return status;
        consume(sent);
    }
    return net::Socket::Status::done;
}

void Outbox::consume(std::size_t bytes) {
    bytes_ -= bytes;
    bytes += sent_of_first_;
    while (first_ < frames_.size() && bytes >= frames_[first_]->bytes().size()) {
        bytes -= frames_[first_]->bytes().size();
        frames_[first_++].reset();
    }
    sent_of_first_ = bytes;
    if (!empty()) return;
    frames_.clear();
    first_ = 0;
    if (frames_.capacity() > kept_capacity) std::vector<FramePtr>{}.swap(frames_);
}

void Outbox::drop_unsent() {
    const auto keep = sent_of_first_ > 0 ? first_ + 1 : first_;
    frames_.resize(keep);
    bytes_ = sent_of_first_ > 0 ? frames_[first_]->bytes().size() - sent_of_first_ : 0;
}

}  // namespace parley::websocket
