// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/task.hpp"
#include "realtime/event_record.hpp"
#include "realtime/hub.hpp"
#include "realtime/missed_events.hpp"
#include "realtime/services.hpp"
#include "realtime/stream_socket.hpp"
#include "realtime/user_socket.hpp"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::realtime {

/// `GET /api/v1/realtime/sse`: a user's events as `text/event-stream` (WHATWG HTML section 9.2). First hello, then what was missed behind
/// `Last-Event-ID` in the order of commits, then what happens. It is one of the user's sockets, with their limits and their ends. What happens while
/// the missed is sent is held back, or, if it is much, read from the log in its turn.
class EventStream final : public StreamSocket, private Receiver, private net::Timer {
public:
    EventStream(net::Shard& shard, Services& services, UserSocket::Owner owner, Framing framing);
    ~EventStream() override;

    /// Finds what was missed; an empty `last_event_id` asks for none. Before `start`. Errors: resync_required, for an id that means nothing here, or
    /// lies too far back; session_ended; storage's.
    Task<Result<void>> prepare(std::string_view last_event_id);

private:
    using Self = std::shared_ptr<EventStream>;
    struct Held {
        std::int64_t log_id;
        websocket::FramePtr chunk;
    };
    using Page = std::vector<websocket::FramePtr>;

    // StreamSocket
    void on_started() override;
    void on_drained() override;
    void on_gone() override;

    // Receiver
    void deliver(const Delivery& delivery) override;
    void deliver_run(std::span<const Delivery> run) override;
    void signal(const Signal& signal) override;
    void send_away(std::chrono::milliseconds retry_after) override;
    void session_ended() override { end(); }
    void cut() override { abort(); }
    SessionId session() const noexcept override { return owner_.caller.session; }

    void expired() override;  // Timer: the end of the token

    static Task<void> catch_up(Self self);
    Task<Result<Missed>> find_missed_since(std::optional<std::int64_t> since);
    Task<Result<void>> replay();
    Task<Result<Page>> read_page();
    void hold(const Delivery& delivery);
    /// Sends what was held back. False if there was too much of it to be held.
    bool release();
    std::string hello() const;
    void arm();
    void leave();
    auto drained();

    Services& services_;
    Hub& hub_;
    UserSocket::Owner owner_;
    std::string_view epoch_;
    bool attached_ = false;  // to the hub
    bool live_ = false;      // all that was missed is sent
    std::int64_t hello_id_ = 0;
    Missed missed_;
    std::size_t replayed_ = 0;  // of missed_.log_ids
    std::vector<Held> held_;
    std::size_t held_bytes_ = 0;
    bool overflowed_ = false;
    std::coroutine_handle<> waiting_for_drain_;
};

}  // namespace parley::realtime
