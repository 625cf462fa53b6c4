// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/caller.hpp"
#include "core/json/document.hpp"
#include "realtime/answers.hpp"
#include "realtime/frames.hpp"
#include "realtime/hub.hpp"
#include "realtime/replay.hpp"
#include "realtime/services.hpp"
#include "websocket/session.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace parley::realtime {

/// A client's socket (api.md section 6): signs in, sends frames to the services, gets events from the hub, resumes. Frames are taken up in order, and
/// answered in order; those that write are on their way to the writer at once, so that a client may have many in flight.
class Session final : public websocket::Session, private Receiver, private net::Timer {
public:
    /// Whose socket it is, if the upgrade was signed in.
    struct Owner {
        Caller caller;
        SocketCounts::Place place;
    };
    Session(net::Socket socket, Services& services, std::optional<Owner> owner);
    ~Session() override;

    /// Begins; `rest` came behind the handshake.
    void open(std::string rest);

private:
    using Self = std::shared_ptr<Session>;
    using Ticket = Answers::Ticket;
    using Handler = void (Session::*)(const json::Document& document, FrameId id);
    struct Type {
        std::string_view name;
        Handler handler;
    };
    static const Type types[];

    // websocket::Session
    void on_message(std::string_view text) override;
    void on_drained() override { replay_.on_drained(); }
    void on_gone() override;

    // Receiver
    void deliver(const Delivery& delivery) override;
    void signal(const Signal& signal) override;
    void session_ended() override;
    void send_away(std::chrono::milliseconds retry_after) override;
    void cut() override { abort(); }
    SessionId session() const noexcept override { return caller_ ? caller_->session : SessionId{}; }

    /// Timer: first the time to sign in, then the end of the token.
    void expired() override;
    void arm_token_end();

    Self self() { return std::static_pointer_cast<Session>(shared_from_this()); }
    void dispatch(const json::Document& document);
    template <class Frame>
    void take(const json::Document& document, FrameId id, Task<void> (Session::*work)(Self, Ticket, FrameId, Frame));
    void finish(Ticket ticket, std::string text);

    void on_auth(const json::Document& document, FrameId id);
    void on_send(const json::Document& document, FrameId id);
    void on_edit(const json::Document& document, FrameId id);
    void on_delete(const json::Document& document, FrameId id);
    void on_add_reaction(const json::Document& document, FrameId id);
    void on_remove_reaction(const json::Document& document, FrameId id);
    void on_read(const json::Document& document, FrameId id);
    void on_resume(const json::Document& document, FrameId id);
    void on_ping_frame(const json::Document& document, FrameId id);

    Task<void> sign_in(Self self, FrameId id, AuthFrame frame);
    Task<void> enter(Self self);
    Task<void> renew(Self self, Ticket ticket, FrameId id, AuthFrame frame);
    Task<Result<Caller>> caller_of(const AuthFrame& frame);
    Task<void> send_message(Self self, Ticket ticket, FrameId id, SendFrame frame);
    Task<void> edit_message(Self self, Ticket ticket, FrameId id, EditFrame frame);
    Task<void> delete_message(Self self, Ticket ticket, FrameId id, PositionFrame frame);
    Task<void> add_reaction(Self self, Ticket ticket, FrameId id, ReactionFrame frame);
    Task<void> remove_reaction(Self self, Ticket ticket, FrameId id, ReactionFrame frame);
    Task<void> change_reaction(Ticket ticket, FrameId id, ReactionFrame frame, bool add);
    Task<void> read_up_to(Self self, Ticket ticket, FrameId id, PositionFrame frame);
    Task<void> resume(Self self, Ticket ticket, FrameId id, ResumeFrame frame);
    std::optional<Error> over_the_rate();

    enum class State : std::uint8_t { signing_in, entering, entered };

    Services& services_;
    Hub& hub_;
    Answers answers_{*this};
    Replay replay_;
    std::optional<Caller> caller_;
    State state_ = State::signing_in;
    bool auth_begun_ = false;
    std::optional<SocketCounts::Place> place_;
    bool attached_ = false;  // to the hub
    int refused_in_a_row_ = 0;
};

}  // namespace parley::realtime
