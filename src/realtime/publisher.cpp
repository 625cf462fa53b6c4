// SPDX-License-Identifier: Apache-2.0
#include "realtime/publisher.hpp"

#include "realtime/parcel_builder.hpp"

namespace parley::realtime {

Publisher::Publisher(net::Shards& shards, std::vector<std::unique_ptr<Hub>>& hubs) : shards_(shards), hubs_(hubs) {
    for (std::size_t i = 0; i < shards.size(); ++i) waiting_bytes_.push_back(std::make_unique<std::atomic<std::size_t>>(0));
}

void Publisher::committed(const storage::Announcements& announcements, Postbag& postbag) {
    ParcelBuilder builder;
    for (const auto& announcement : announcements) {
        if (const auto* recorded = announcement->as<chat::EventRecorded>()) builder.add(*recorded);
        else if (const auto* moved = announcement->as<chat::ReadMarkMoved>()) builder.add(*moved);
        else if (const auto* revoked = announcement->as<auth::SessionRevoked>()) builder.add(*revoked);
    }
    const auto parcel = std::make_shared<const Parcel>(builder.take());
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
