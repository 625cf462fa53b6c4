// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/context.hpp"
#include "core/caller.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "realtime/delivery.hpp"
#include "realtime/frames.hpp"
#include "realtime/hub.hpp"
#include "websocket/session.hpp"

#include <coroutine>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley::realtime {

/// Resuming: replays the missed events of conversations from the log while live ones go on. A conversation that is resumed is held back live from the
/// moment its `resume` is read, until its replay has caught up with what is held; so the client sees each conversation strictly consecutive. Memory
/// is bounded: pages are read as the socket takes them, and held events beyond a limit are thrown away and read from the log instead.
class Replay {
public:
    Replay(websocket::Session& session, chat::Context& chat, Hub& hub) : session_(session), chat_(chat), hub_(hub) {}

    /// A live event's way to the client: true if it was taken care of here, false if it is to be sent.
    bool take(const Delivery& delivery);

    /// Replays what lies behind the frame's positions. Resumes of one socket run one after the other. Errors: resync_required, after which all goes
    /// on as before; storage's, which close the socket.
    Task<Result<ResumedData>> run(Caller caller, const ResumeFrame& frame);

    void on_drained();
    /// The socket is gone: whoever waits goes on, and finds that out.
    void on_gone() { on_drained(); }

    bool idle() const noexcept { return held_ == nullptr; }

private:
    /// A conversation more than this behind is only named (api.md section 6).
    static constexpr Seq furthest_behind = 1000;
    /// What one read of the log brings, roughly: little enough to stay within the outbox.
    static constexpr std::int64_t page_events = 200;
    static constexpr std::size_t page_bytes = 128 * 1024;

    struct Held {
        std::vector<std::pair<Seq, websocket::FramePtr>> events;
        bool overflowed = false;
        Seq skip_up_to = 0;                                      // after the replay: events up to here were replayed before they came by
        Seq replayed_before = 0;                                 // by an earlier resume, in case this one is refused
        std::optional<std::vector<websocket::FramePtr>> recent;  // from the position to the first of `events`, if the hub has it
    };
    struct Behind {
        ConversationId conversation;
        Seq position;
        std::optional<Seq> head;  // of the log
    };
    struct Page {
        struct Part {
            ConversationId conversation;
            std::vector<websocket::FramePtr> frames;
            Seq last_seq;
            bool complete;
        };
        std::vector<Part> parts;
    };

    Task<Result<ResumedData>> run_in_turn(Caller caller, const ResumeFrame& frame);
    std::vector<Behind> hold(Caller caller, const Positions& positions);
    /// Asks the log for the heads the hub does not know.
    Task<Result<void>> find_heads(std::vector<Behind>& wanted);
    /// Replays what the hub has at hand. False if it has not all of it.
    bool send_recent(Behind& one, ResumedData& data);
    Task<Result<Page>> read_page(Caller caller, const std::deque<Behind>& wanted);
    /// Sends what was read; the conversations that go on stay in `wanted`.
    void send_page(const Page& page, std::deque<Behind>& wanted, ResumedData& data);
    /// Ends holding back. False if the replay has to go on, because held events were thrown away.
    bool release(ConversationId conversation, Seq replayed_up_to);
    Seq release_truncated(ConversationId conversation, Seq head);
    bool thrown_away() const;
    void release_all();
    void forget(ConversationId conversation);

    auto drained();
    auto turn();
    void pass_turn();

    websocket::Session& session_;
    chat::Context& chat_;
    Hub& hub_;
    std::unique_ptr<std::unordered_map<ConversationId, Held>> held_;  // nothing for a socket that does not resume
    std::size_t held_bytes_ = 0;
    std::coroutine_handle<> waiting_for_drain_;
    bool busy_ = false;
    std::deque<std::coroutine_handle<>> queue_;
};

}  // namespace parley::realtime
