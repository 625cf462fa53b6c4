// SPDX-License-Identifier: Apache-2.0
#include "realtime/publisher.hpp"

#include "auth/announcements.hpp"
#include "chat/announcements.hpp"
#include "realtime/frames.hpp"

namespace parley::realtime {

namespace {

void add(Parcel& parcel, const chat::EventRecorded& recorded) {
    auto frame = websocket::prepare_text(event_frame(recorded.event));
    parcel.bytes += frame->bytes().size();
    // An edit shows the whole message: files, which change with the clock, may be in it.
    const bool is_lasting = !recorded.carries_files && recorded.kind != chat::EventKind::message_edited;
    parcel.deliveries.push_back(
        {recorded.event.conversation_id, recorded.event.seq, recorded.kind, recorded.subject, std::move(frame), recorded.text, is_lasting});
}

void add(Parcel& parcel, const chat::ReadMarkMoved& moved) {
    parcel.signals.push_back({moved.conversation, websocket::prepare_text(read_signal(moved.conversation, moved.user, moved.last_read_seq))});
}

}  // namespace

Publisher::Publisher(net::Shards& shards, std::vector<std::unique_ptr<Hub>>& hubs) : shards_(shards), hubs_(hubs) {
    for (std::size_t i = 0; i < shards.size(); ++i) waiting_bytes_.push_back(std::make_unique<std::atomic<std::size_t>>(0));
}

void Publisher::committed(const storage::Announcements& announcements, Postbag& postbag) {
    auto parcel = std::make_shared<Parcel>();
    for (const auto& announcement : announcements) {
        if (const auto* recorded = announcement->as<chat::EventRecorded>()) add(*parcel, *recorded);
        else if (const auto* moved = announcement->as<chat::ReadMarkMoved>()) add(*parcel, *moved);
        else if (const auto* revoked = announcement->as<auth::SessionRevoked>()) parcel->ended_sessions.emplace_back(revoked->user, revoked->session);
    }
    if (parcel->empty()) return;
    for (std::size_t i = 0; i < hubs_.size(); ++i) {
        auto& waiting = *waiting_bytes_[i];
        const bool too_much = waiting.fetch_add(parcel->bytes) + parcel->bytes > most_waiting_bytes;
        if (too_much) ++overflows_;
        postbag.add(shards_[i], once([&hub = *hubs_[i], &waiting, parcel, too_much] {
                        if (too_much) hub.for_each_receiver([](Receiver& receiver) { receiver.send_away(std::chrono::seconds{1}); });
                        hub.accept(parcel, waiting);
                    }));
    }
}

}  // namespace parley::realtime
