// SPDX-License-Identifier: Apache-2.0
#include "realtime/publisher.hpp"

#include "auth/announcements.hpp"
#include "chat/announcements.hpp"
#include "realtime/frames.hpp"

namespace parley::realtime {

/// Everything of one commit, for all shards.
struct Publisher::Parcel {
    std::vector<Delivery> deliveries;
    std::vector<Signal> signals;
    std::vector<std::pair<UserId, SessionId>> ended_sessions;
    std::size_t bytes = 0;

    bool empty() const { return deliveries.empty() && signals.empty() && ended_sessions.empty(); }
    void add(const chat::EventRecorded& recorded) {
        auto frame = websocket::prepare_text(event_frame(recorded.event));
        bytes += frame->bytes().size();
        deliveries.push_back({recorded.event.conversation_id, recorded.event.seq, recorded.kind, recorded.subject, std::move(frame), recorded.text});
    }
    void add(const chat::ReadMarkMoved& moved) {
        signals.push_back({moved.conversation, websocket::prepare_text(read_signal(moved.conversation, moved.user, moved.last_read_seq))});
    }
};

Publisher::Publisher(net::Shards& shards, std::vector<std::unique_ptr<Hub>>& hubs) : shards_(shards), hubs_(hubs) {
    for (std::size_t i = 0; i < shards.size(); ++i) waiting_bytes_.push_back(std::make_unique<std::atomic<std::size_t>>(0));
}

void Publisher::committed(const storage::Announcements& announcements, Postbag& postbag) {
    auto parcel = std::make_shared<Parcel>();
    for (const auto& announcement : announcements) {
        if (const auto* recorded = announcement->as<chat::EventRecorded>()) parcel->add(*recorded);
        else if (const auto* moved = announcement->as<chat::ReadMarkMoved>()) parcel->add(*moved);
        else if (const auto* revoked = announcement->as<auth::SessionRevoked>()) parcel->ended_sessions.emplace_back(revoked->user, revoked->session);
    }
    if (parcel->empty()) return;
    for (std::size_t i = 0; i < hubs_.size(); ++i) {
        auto& waiting = *waiting_bytes_[i];
        const bool too_much = waiting.fetch_add(parcel->bytes) + parcel->bytes > most_waiting_bytes;
        if (too_much) ++overflows_;
        postbag.add(shards_[i], once([&hub = *hubs_[i], &waiting, parcel, too_much] {
                        waiting -= parcel->bytes;
                        for (const auto& [user, session] : parcel->ended_sessions) hub.end_session(user, session);
                        if (too_much) hub.for_each_receiver([](Receiver& receiver) { receiver.send_away(std::chrono::seconds{1}); });
                        hub.deliver(parcel->deliveries);
                        hub.signal(parcel->signals);
                    }));
    }
}

}  // namespace parley::realtime
