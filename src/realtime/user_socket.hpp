// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/caller.hpp"
#include "core/task.hpp"
#include "realtime/hub.hpp"
#include "realtime/services.hpp"
#include "websocket/session.hpp"

#include <chrono>
#include <optional>

namespace parley::realtime {

/// A socket of one user, whatever is spoken over it: counted among theirs, attached to the hub, held to the rate of sends, and ended with the
/// session, with the token it was opened with, and with the server.
class UserSocket : public websocket::Session, protected Receiver, private net::Timer {
public:
    struct Owner {
        Caller caller;
        SocketCounts::Place place;
    };

protected:
    UserSocket(net::Socket socket, Services& services);
    ~UserSocket() override;

    /// Closes the socket (4001) if it belongs to nobody when the time is over.
    void wait_for_owner(std::chrono::milliseconds longest);
    void belong_to(Owner owner);
    /// Asks the hub for the user's events, and ends the socket with its token. False if the socket is closed by then, or has to be. The caller keeps
    /// the socket alive.
    Task<bool> attach();
    /// Goes on with another token of the same user.
    void renew(const Caller& caller);

    bool has_owner() const noexcept { return caller_.has_value(); }
    const Caller& caller() const noexcept { return *caller_; }
    Services& services() const noexcept { return services_; }
    Hub& hub() const noexcept { return hub_; }

    /// A frame has come that says that somebody is there.
    void note_activity();
    /// Counts a send; the error says when the next one is allowed. Whoever does not heed it is closed (4009).
    std::optional<Error> over_the_rate();

    void on_gone() override;

    // Receiver
    void session_ended() override;
    void send_away(std::chrono::milliseconds retry_after) override;
    void cut() override { abort(); }
    SessionId session() const noexcept override { return caller_ ? caller_->session : SessionId{}; }

private:
    void expired() override;  // Timer: first the time to sign in, then the end of the token
    void arm_token_end();

    Services& services_;
    Hub& hub_;
    std::optional<Caller> caller_;
    std::optional<SocketCounts::Place> place_;
    bool attached_ = false;  // to the hub
    int refused_in_a_row_ = 0;
    Moment activity_noted_;
};

}  // namespace parley::realtime
