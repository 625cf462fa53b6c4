// SPDX-License-Identifier: Apache-2.0
#include "realtime/hub.hpp"

#include "groups/store.hpp"

#include <algorithm>

namespace parley::realtime {
namespace {

/// How long a hub delivers before the shard's other work gets its turn.
constexpr std::chrono::milliseconds longest_slice{2};

bool leaves_others_as_they_were(chat::EventKind kind) noexcept {
    using enum chat::EventKind;
    return kind == message_created || kind == member_joined || kind == member_left || kind == member_role_changed || kind == conversation_updated;
}

}  // namespace

Task<Result<void>> Hub::attach(UserId user, Receiver& receiver) {
    auto& entry = online_[user];
    if (!entry) entry = std::make_unique<Online>(Online{.user = user, .receivers = {}, .rooms = {}, .changes_meanwhile = {}});
    entry->receivers.push_back(&receiver);
    ++receivers_;
    entry->receivers.size() == 1 ? presence_.arrived(user) : presence_.active(user);
    if (leaving_) receiver.send_away(leaving_());
    if (entry->loaded) co_return Result<void>{};
    // Each of several sockets that come at once reads by itself; the first that is done sets the rooms for all.
    auto rooms =
        co_await db_.read([user](storage::Connection& db) -> Result<std::vector<ConversationId>> { return groups::conversations_of(db, user); });
    const auto found = online_.find(user);
    if (found == online_.end() || found->second->loaded) co_return Result<void>{};
    if (!rooms) co_return std::unexpected(std::move(rooms).error());
    auto& online = *found->second;
    online.loaded = true;
    for (const auto conversation : *rooms) {  // each is there once, and none is entered yet
        auto& room = room_of(conversation);
        room.members.push_back(&online);
        online.rooms.push_back(&room);
    }
    for (const auto& [conversation, is_in] : std::exchange(online.changes_meanwhile, {}))
        is_in ? enter(online, conversation) : leave(online, conversation);
    co_return Result<void>{};
}

void Hub::add_stranger(Receiver& receiver) {
    strangers_.insert(&receiver);
    if (leaving_) receiver.send_away(leaving_());
}

void Hub::send_everybody_away(std::function<std::chrono::milliseconds()> retry_after) {
    leaving_ = std::move(retry_after);
    for_each_receiver([this](Receiver& receiver) { receiver.send_away(leaving_()); });
}

void Hub::detach(UserId user, Receiver& receiver) {
    const auto found = online_.find(user);
    if (found == online_.end()) return;
    auto& online = *found->second;
    receivers_ -= std::erase(online.receivers, &receiver);
    if (!online.receivers.empty()) return;
    for (auto* room : online.rooms) take_out(online, *room);
    online_.erase(found);
    presence_.left(user);
}

Hub::Room& Hub::room_of(ConversationId conversation) {
    auto& room = rooms_[conversation];
    if (!room) room = std::make_unique<Room>(Room{.conversation = conversation, .members = {}});
    return *room;
}

void Hub::enter(Online& online, ConversationId conversation) {
    auto& room = room_of(conversation);
    if (std::ranges::find(online.rooms, &room) != online.rooms.end()) return;
    room.members.push_back(&online);
    online.rooms.push_back(&room);
}

void Hub::leave(Online& online, ConversationId conversation) {
    const auto found = rooms_.find(conversation);
    if (found == rooms_.end()) return;
    std::erase(online.rooms, found->second.get());
    take_out(online, *found->second);
}

/// An empty room goes.
void Hub::take_out(Online& online, Room& room) {
    std::erase(room.members, &online);
    if (room.members.empty()) rooms_.erase(room.conversation);
}

std::unordered_set<ConversationId> Hub::rooms_of(UserId user) const {
    std::unordered_set<ConversationId> rooms;
    const auto found = online_.find(user);
    if (found == online_.end()) return rooms;
    for (const auto* room : found->second->rooms) rooms.insert(room->conversation);
    return rooms;
}

bool Hub::is_member(UserId user, ConversationId conversation) const {
    const auto online = online_.find(user);
    const auto room = rooms_.find(conversation);
    return online != online_.end() && room != rooms_.end() &&
           std::ranges::find(online->second->rooms, room->second.get()) != online->second->rooms.end();
}

std::vector<UserId> Hub::online_in(ConversationId conversation) const {
    std::vector<UserId> users;
    const auto room = rooms_.find(conversation);
    if (room == rooms_.end()) return users;
    users.reserve(room->second->members.size());
    for (const auto* online : room->second->members) users.push_back(online->user);
    return users;
}

Seq Hub::last_seq(ConversationId conversation) const {
    const auto found = rooms_.find(conversation);
    return found == rooms_.end() ? 0 : found->second->last_seq;
}

std::optional<std::vector<websocket::FramePtr>> Hub::recent(ConversationId conversation, Seq position, std::size_t most_bytes) const {
    const auto found = rooms_.find(conversation);
    if (found == rooms_.end() || found->second->last_seq == 0 || position > found->second->last_seq) return std::nullopt;
    if (position == found->second->last_seq) return std::vector<websocket::FramePtr>{};
    return recent_.after(position, found->second->newest, most_bytes);
}

void Hub::accept(std::shared_ptr<const Parcel> parcel, std::atomic<std::size_t>& waiting_bytes) {
    for (const auto& [user, session] : parcel->ended_sessions) end_session(user, session);
    incoming_.push_back({std::move(parcel), waiting_bytes});
    if (incoming_.size() == 1) deliver_slice();  // else one is on its way
}

void Hub::deliver_slice() {
    const auto end = shard_.clock().steady() + longest_slice;
    while (!incoming_.empty()) {
        if (!deliver_until(end, incoming_.front())) return shard_.run_soon([this] { deliver_slice(); });
        incoming_.pop_front();
    }
}

bool Hub::deliver_until(Moment end, Incoming& incoming) {
    const auto& parcel = *incoming.parcel;
    while (incoming.delivered < parcel.deliveries.size()) {
        if (incoming.delivered > 0 && shard_.clock().steady() >= end) return false;
        incoming.delivered += deliver_some(std::span{parcel.deliveries}.subspan(incoming.delivered));
    }
    for (const auto& one : parcel.signals) signal(one);
    incoming.waiting_bytes -= parcel.bytes;
    return true;
}

std::size_t Hub::deliver_some(std::span<const Delivery> deliveries) {
    const auto length = deliveries.front().run.length;
    if (length == 0) deliver(deliveries.front());
    else deliver_run(deliveries.first(length));
    return std::max<std::size_t>(length, 1);
}

template <class Action>
void Hub::for_each_receiver_in(const Room& room, Action&& action) {
    for (const auto* online : room.members) {
        for (auto* receiver : online->receivers) action(*receiver);
    }
}

void Hub::deliver_run(std::span<const Delivery> run) {
    const auto room = rooms_.find(run.front().conversation);
    if (room == rooms_.end()) return;
    for (const auto& delivery : run) remember(*room->second, delivery);
    for_each_receiver_in(*room->second, [run](Receiver& receiver) { receiver.deliver_run(run); });
}

void Hub::deliver(const Delivery& delivery) {
    using enum chat::EventKind;
    if (delivery.kind == member_joined) member_changed(delivery, true);
    const auto room = rooms_.find(delivery.conversation);
    if (room != rooms_.end()) {
        remember(*room->second, delivery);
        for_each_receiver_in(*room->second, [&delivery](Receiver& receiver) { receiver.deliver(delivery); });
    }
    if (delivery.kind == member_left) member_changed(delivery, false);
    if (delivery.kind == conversation_deleted) close_room(delivery.conversation);
}

/// A replay shows every message as it is now: what changes one makes the frames before it stale.
void Hub::remember(Room& room, const Delivery& delivery) {
    room.last_seq = delivery.seq;
    if (!leaves_others_as_they_were(delivery.kind)) room.newest = RecentFrames::nowhere;
    room.newest = delivery.is_lasting ? recent_.add(delivery.seq, delivery.frame, room.newest) : RecentFrames::nowhere;
}

void Hub::member_changed(const Delivery& delivery, bool is_in) {
    const auto found = online_.find(delivery.subject.value_or(UserId{}));
    if (found == online_.end()) return;
    auto& online = *found->second;
    if (!online.loaded) online.changes_meanwhile.emplace_back(delivery.conversation, is_in);
    else is_in ? enter(online, delivery.conversation) : leave(online, delivery.conversation);
}

void Hub::close_room(ConversationId conversation) {
    for (auto found = rooms_.find(conversation); found != rooms_.end(); found = rooms_.find(conversation))
        leave(*found->second->members.back(), conversation);
    for (auto& [user, online] : online_) {
        if (!online->loaded) online->changes_meanwhile.emplace_back(conversation, false);
    }
}

void Hub::signal(const Signal& signal) {
    const auto room = rooms_.find(signal.conversation);
    if (room == rooms_.end()) return;
    for (const auto* online : room->second->members) {
        if (online->user == signal.except) continue;
        for (auto* receiver : online->receivers) receiver->signal(signal);
    }
}

void Hub::end_session(UserId user, SessionId session) {
    const auto found = online_.find(user);
    if (found == online_.end()) return;
    const auto receivers = found->second->receivers;  // ending one may take it off the list
    for (auto* receiver : receivers) {
        if (receiver->session() == session) receiver->session_ended();
    }
}

void Hub::for_each_receiver(const std::function<void(Receiver&)>& action) {
    std::vector<Receiver*> all{strangers_.begin(), strangers_.end()};
    for (const auto& [user, online] : online_) all.insert(all.end(), online->receivers.begin(), online->receivers.end());
    for (auto* receiver : all) action(*receiver);
}

}  // namespace parley::realtime
