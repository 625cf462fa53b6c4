// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/task.hpp"
#include "net/shard.hpp"
#include "realtime/delivery.hpp"
#include "realtime/event_record.hpp"
#include "realtime/presence.hpp"
#include "realtime/recent_frames.hpp"
#include "storage/database.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace parley::realtime {

/// Somebody's socket, as the hub sees it.
class Receiver {
public:
    virtual void deliver(const Delivery& delivery) = 0;
    /// The first of them says which run they are.
    virtual void deliver_run(std::span<const Delivery> run) {
        for (const auto& delivery : run) deliver(delivery);
    }
    virtual void signal(const Signal& signal) = 0;
    /// This server cannot serve it further, because it stops or has lost events on the way: it is to come back after a while and resume.
    virtual void send_away(std::chrono::milliseconds retry_after) = 0;
    /// The session it was opened with has ended.
    virtual void session_ended() = 0;
    /// The connection is ended without another word.
    virtual void cut() = 0;
    virtual SessionId session() const noexcept = 0;

protected:
    Receiver() = default;
    Receiver(const Receiver&) = default;
    Receiver& operator=(const Receiver&) = default;
    ~Receiver() = default;
};

/// One shard's part of who is online: which of its sockets each conversation's events go to. Events come in commit order, so membership changes with
/// the very event that changes it: whoever joins receives their own member.joined first, whoever leaves their own member.left last.
/// Used on its shard's thread only.
class Hub {
public:
    Hub(net::Shard& shard, storage::Database& db, Presence& presence) : shard_(shard), db_(db), presence_(presence) {}
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// Adds a socket of `user`. When it completes, the socket receives every event of every conversation the user is in. Errors: storage's.
    Task<Result<void>> attach(UserId user, Receiver& receiver);
    /// A socket nobody has signed in on yet: it receives nothing, and is sent away with the others.
    void add_stranger(Receiver& receiver);
    void remove_stranger(Receiver& receiver) { strangers_.erase(&receiver); }
    /// Also while `attach` is still waiting.
    void detach(UserId user, Receiver& receiver);

    /// Delivers what a commit brought, behind what came before it: in slices of at most a few milliseconds, so that others get their turn.
    /// `waiting_bytes` is what the shard has to deliver yet, and loses the parcel's when all of it is delivered.
    void accept(std::shared_ptr<const Parcel> parcel, std::atomic<std::size_t>& waiting_bytes);

    /// To who is in its conversation and online here.
    void signal(const Signal& signal);

    /// The conversations of a user with sockets here.
    std::unordered_set<ConversationId> rooms_of(UserId user) const;
    /// Whether a user with sockets here is in the conversation, as far as events have come through.
    bool is_member(UserId user, ConversationId conversation) const;
    /// Who is in the conversation and has a socket here.
    std::vector<UserId> online_in(ConversationId conversation) const;
    /// The last event of the conversation that went through here; 0 if nobody here is in it.
    Seq last_seq(ConversationId conversation) const;
    /// The events behind `position`, up to the last that went through here; nothing if they are not at hand, or more than `most_bytes`.
    std::optional<std::vector<websocket::FramePtr>> recent(ConversationId conversation, Seq position, std::size_t most_bytes) const;

    /// What goes through here as event streams get it.
    EventRecords& records() noexcept { return records_; }

    std::size_t receivers() const noexcept { return receivers_; }
    /// Strangers too.
    void for_each_receiver(const std::function<void(Receiver&)>& action);
    /// Sends every socket away, and from now on those that come, for an upgrade may be on its way. `retry_after` gives each its own time.
    void send_everybody_away(std::function<std::chrono::milliseconds()> retry_after);

private:
    struct Room;
    /// A user with sockets on this shard.
    struct Online {
        UserId user;
        std::vector<Receiver*> receivers;
        std::vector<Room*> rooms;
        bool loaded = false;
        // Joins and departures that went through the hub while the rooms were read: they know better than what was read.
        std::vector<std::pair<ConversationId, bool>> changes_meanwhile;
    };
    struct Room {
        ConversationId conversation;
        Seq last_seq = 0;
        RecentFrames::Place newest = RecentFrames::nowhere;
        std::vector<Online*> members;
    };
    struct Incoming {
        std::shared_ptr<const Parcel> parcel;
        std::atomic<std::size_t>& waiting_bytes;
        std::size_t delivered = 0;
    };

    Room& room_of(ConversationId conversation);
    void enter(Online& online, ConversationId conversation);
    void leave(Online& online, ConversationId conversation);
    void take_out(Online& online, Room& room);
    void member_changed(const Delivery& delivery, bool is_in);
    void deliver_slice();
    /// Delivers of a parcel until `end`. False if something is left.
    bool deliver_until(Moment end, Incoming& incoming);
    /// Delivers the first of them, or the run that it begins; how many these were.
    std::size_t deliver_some(std::span<const Delivery> deliveries);
    void deliver(const Delivery& delivery);
    void deliver_run(std::span<const Delivery> run);
    template <class Action>
    static void for_each_receiver_in(const Room& room, Action&& action);
    void remember(Room& room, const Delivery& delivery);
    void end_session(UserId user, SessionId session);
    void close_room(ConversationId conversation);

    net::Shard& shard_;
    storage::Database& db_;
    Presence& presence_;
    std::deque<Incoming> incoming_;
    RecentFrames recent_;
    EventRecords records_;
    std::unordered_map<UserId, std::unique_ptr<Online>> online_;
    std::unordered_map<ConversationId, std::unique_ptr<Room>> rooms_;
    std::unordered_set<Receiver*> strangers_;
    std::function<std::chrono::milliseconds()> leaving_;  // nothing while the server runs
    std::size_t receivers_ = 0;
};

}  // namespace parley::realtime
