// SPDX-License-Identifier: Apache-2.0
#include "realtime/recent_frames.hpp"

#include <algorithm>

namespace parley::realtime {

RecentFrames::Place RecentFrames::add(Seq seq, websocket::FramePtr frame, Place before) {
    bytes_ += frame->bytes().size();
    entries_.push_back({seq, std::move(frame), before});
    while (entries_.size() > limits_.entries || bytes_ > limits_.bytes) drop_oldest();
    return first_ + entries_.size() - 1;  // `nowhere` is below every place, so an entry that is larger than the limit is simply not found
}

void RecentFrames::drop_oldest() {
    bytes_ -= entries_.front().frame->bytes().size();
    entries_.pop_front();
    ++first_;
}

std::optional<std::vector<websocket::FramePtr>> RecentFrames::after(Seq position, Place newest, std::size_t most_bytes) const {
    std::vector<websocket::FramePtr> frames;
    std::size_t bytes = 0;
    for (const auto* entry = find(newest); entry != nullptr && entry->seq > position; entry = find(entry->before)) {
        bytes += entry->frame->bytes().size();
        if (bytes > most_bytes) return std::nullopt;
        frames.push_back(entry->frame);
        if (entry->seq != position + 1) continue;
        std::ranges::reverse(frames);
        return frames;
    }
    return std::nullopt;
}

}  // namespace parley::realtime
