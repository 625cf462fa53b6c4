// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/document.hpp"
#include "realtime/answers.hpp"
#include "realtime/frames.hpp"
#include "realtime/replay.hpp"
#include "realtime/user_socket.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace parley::realtime {

/// A client's socket (api.md section 6): signs in, sends frames to the services, gets events from the hub, resumes. Frames are taken up in order, and
/// answered in order; those that write are on their way to the writer at once, so that a client may have many in flight.
class Session final : public UserSocket {
public:
    /// `owner`: whose socket it is, if the upgrade was signed in.
    Session(net::Socket socket, Services& services, std::optional<Owner> owner);
    ~Session() override;

    /// Begins; `rest` came behind the handshake.
    void open(std::string rest);

    /// The types of the frames a client may send.
    static std::vector<std::string_view> frame_types();

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
    void deliver_run(std::span<const Delivery> run) override;
    void signal(const Signal& signal) override;

    Self self() { return std::static_pointer_cast<Session>(shared_from_this()); }
    void handle(std::string_view text);
    void dispatch(const json::Document& document);
    /// From hello on: what came before it, in order.
    void handle_early();
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
    void on_typing(const json::Document& document, FrameId id);
    void on_watch(const json::Document& document, FrameId id);
    void on_resume(const json::Document& document, FrameId id);
    void on_ping_frame(const json::Document& document, FrameId id);

    Task<void> sign_in(Self self, FrameId id, AuthFrame frame);
    Task<void> enter(Self self, FrameId id, std::optional<ResumeFrame> resumed);
    Task<void> sign_in_again(Self self, Ticket ticket, FrameId id, AuthFrame frame);
    Task<Result<Caller>> caller_of(const AuthFrame& frame);
    Task<void> send_message(Self self, Ticket ticket, FrameId id, SendFrame frame);
    Task<void> edit_message(Self self, Ticket ticket, FrameId id, EditFrame frame);
    Task<void> delete_message(Self self, Ticket ticket, FrameId id, PositionFrame frame);
    Task<void> add_reaction(Self self, Ticket ticket, FrameId id, ReactionFrame frame);
    Task<void> remove_reaction(Self self, Ticket ticket, FrameId id, ReactionFrame frame);
    Task<void> change_reaction(Ticket ticket, FrameId id, ReactionFrame frame, bool add);
    Task<void> read_up_to(Self self, Ticket ticket, FrameId id, PositionFrame frame);
    Task<void> tell_typing(Self self, Ticket ticket, FrameId id, TypingFrame frame);
    Task<void> watch(Self self, Ticket ticket, FrameId id, WatchFrame frame);
    Task<void> resume(Self self, Ticket ticket, FrameId id, ResumeFrame frame);

    Answers answers_{*this};
    Replay replay_;
    std::vector<std::string> early_;  // frames that came while it was being signed in; at most what one read brings
    std::uint64_t watch_frames_ = 0;  // presence.subscribe: the last one holds
    bool auth_begun_ = false;
    bool entered_ = false;  // hello is said
};

}  // namespace parley::realtime
