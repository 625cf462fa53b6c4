// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "websocket/prepared_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace parley::realtime {

/// What a hub keeps at most.
struct RecentLimits {
    std::size_t entries = 16'384;
    std::size_t bytes = 16 * 1024 * 1024;  // of frames
};

/// The last events that went through a hub, of all its conversations, so that somebody who was away for a moment is served without the database. Each
/// entry knows the one before it in its conversation; a conversation knows its newest. The oldest go first, whosever they are. Frames are shared with
/// the sockets they wait for.
class RecentFrames {
public:
    /// Where an entry stands; `nowhere` for a conversation that has none.
    using Place = std::uint64_t;
    static constexpr Place nowhere = 0;

    explicit RecentFrames(RecentLimits limits = {}) : limits_(limits) {}

    /// Adds a conversation's next event. `before`: where its last one stands, if that may still be served.
    Place add(Seq seq, websocket::FramePtr frame, Place before);

    /// The events behind `position` up to the conversation's newest, in order; nothing if one of them is gone already, or if they are more than
    /// `most_bytes`: the log has them.
    std::optional<std::vector<websocket::FramePtr>> after(Seq position, Place newest, std::size_t most_bytes) const;

private:
    struct Entry {
        Seq seq;
        websocket::FramePtr frame;
        Place before;
    };
    const Entry* find(Place place) const { return place < first_ ? nullptr : &entries_[place - first_]; }
    void drop_oldest();

    const RecentLimits limits_;
    std::deque<Entry> entries_;
    Place first_ = 1;  // of entries_.front()
    std::size_t bytes_ = 0;
};

}  // namespace parley::realtime
