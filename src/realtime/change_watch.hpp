// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/change_watch.hpp"
#include "core/executor.hpp"
#include "net/shard.hpp"
#include "realtime/user_socket.hpp"

#include <chrono>
#include <coroutine>
#include <optional>

namespace parley::realtime {

/// A call that waits for news of its user's (`GET /sync?wait=`): a receiver of the hub that only notes that something came by. It takes one of the
/// user's places, and ends as their sockets do.
class HubWatch final : public chat::ChangeWatch, private Receiver, private net::Timer, private Work {
public:
    HubWatch(net::Shard& shard, Services& services, UserSocket::Owner owner, std::chrono::milliseconds longest);
    ~HubWatch() override;

    /// Begins to note. Errors: session_ended, storage's.
    Task<Result<void>> attach();
    Task<Result<bool>> next() override;

private:
    struct Woken;

    // Receiver
    void deliver(const Delivery&) override { note(); }
    void signal(const Signal& signal) override;
    void send_away(std::chrono::milliseconds retry_after) override;
    void session_ended() override;
    void cut() override { send_away(std::chrono::seconds{1}); }
    SessionId session() const noexcept override { return owner_.caller.session; }

    void expired() override;  // Timer
    void run() override;      // Work: the end of the turn in which it was woken, because the hub is still going through its receivers
    void note();
    void wake();
    void arm();

    net::Shard& shard_;
    Services& services_;
    Hub& hub_;
    const UserSocket::Owner owner_;
    const Moment end_;
    std::coroutine_handle<> waiting_;
    std::optional<Error> error_;
    bool queued_ = false;     // to be resumed with the end of the turn
    bool changed_ = false;    // since the last `next`
    bool signalled_ = false;  // and the timer runs until that counts
    bool over_ = false;
};

}  // namespace parley::realtime
