// SPDX-License-Identifier: Apache-2.0
#include "realtime/event_stream.hpp"

#include "auth/errors.hpp"
#include "chat/view.hpp"
#include "realtime/errors.hpp"
#include "realtime/frames.hpp"
#include "realtime/token_end.hpp"

namespace parley::realtime {
namespace {

/// How long a client whose stream broke waits before it comes back.
constexpr std::chrono::milliseconds usual_retry{3000};
/// What one read of the log brings, roughly, and what may wait for a client before more is read.
constexpr std::size_t page_events = 200, page_bytes = 128 * 1024;
constexpr std::size_t most_held_bytes = 256 * 1024;

}  // namespace

EventStream::EventStream(net::Shard& shard, Services& services, UserSocket::Owner owner, Framing framing)
    : StreamSocket(shard, services.settings, framing),
      services_(services),
      hub_(services.hub_of(shard)),
      owner_(std::move(owner)),
      epoch_(services.chat.epoch) {}

/// Also of one whose client was gone before the answer was out.
EventStream::~EventStream() { leave(); }

void EventStream::leave() {
    if (std::exchange(attached_, false)) hub_.detach(owner_.caller.user, *this);
}

Task<Result<void>> EventStream::prepare(std::string_view last_event_id) {
    std::optional<std::int64_t> since;
    if (!last_event_id.empty()) {
        since = read_event_id(epoch_, last_event_id);
        if (!since) co_return fail(errors::resync_required);
    }
    attached_ = true;
    CO_CHECK(co_await hub_.attach(owner_.caller.user, *this));
    // The session may have ended while the conversations were read, before the hub knew the stream.
    if (!services_.guard.is_live(shard(), owner_.caller.session)) co_return fail(auth::errors::session_ended);
    CO_TRY(missed_, co_await find_missed_since(since));
    hello_id_ = since.value_or(missed_.up_to);
    co_return Result<void>{};
}

Task<Result<Missed>> EventStream::find_missed_since(std::optional<std::int64_t> since) {
    const auto rooms = hub_.rooms_of(owner_.caller.user);
    co_return co_await services_.chat.db.read(
        [&](storage::Connection& db) -> Result<Missed> { return find_missed(db, services_.chat.log.on(db), owner_.caller.user, since, rooms); });
}

std::string EventStream::hello() const {
    const Hello hello{.session_id = owner_.caller.session,
                      .user_id = owner_.caller.user,
                      .epoch = services_.chat.epoch,
                      .server_time = services_.chat.clock.now(),
                      .ping_interval_ms = settings().ping_interval.count()};
    return retry_record(usual_retry) + event_record("hello", event_id(epoch_, hello_id_), json::to_json(hello));
}

void EventStream::on_started() {
    send(chunk_of(hello()));
    arm();
    services_.tasks_of(shard()).spawn(catch_up(std::static_pointer_cast<EventStream>(shared_from_this())));
}

/// Waits until little is left to send.
auto EventStream::drained() {
    struct Awaiter {
        EventStream& stream;
        bool await_ready() const noexcept { return stream.waiting_bytes() < page_bytes || !stream.is_open(); }
        void await_suspend(std::coroutine_handle<> waiting) const noexcept { stream.waiting_for_drain_ = waiting; }
        void await_resume() const noexcept {}
    };
    return Awaiter{*this};
}

void EventStream::on_drained() {
    if (waiting_for_drain_) std::exchange(waiting_for_drain_, {}).resume();
}

void EventStream::on_gone() {
    cancel();
    leave();
    on_drained();  // whoever waits goes on, and finds that out
}

/// A client whose events cannot be read comes back, and asks anew.
Task<void> EventStream::catch_up(Self self) {
    auto& stream = *self;
    for (;;) {
        const auto replayed = co_await stream.replay();
        if (!replayed) co_return stream.end();
        if (!stream.is_open() || stream.release()) co_return;
        auto more = co_await stream.find_missed_since(stream.missed_.up_to);
        if (!more) co_return stream.end();
        stream.missed_ = *std::move(more);
        stream.replayed_ = 0;
    }
}

Task<Result<void>> EventStream::replay() {
    while (is_open() && replayed_ < missed_.log_ids.size()) {
        CO_TRY(const auto page, co_await read_page());
        for (const auto& chunk : page) send(chunk);
        co_await drained();
    }
    co_return Result<void>{};
}

/// The next events; those of a conversation that was erased meanwhile are left out.
Task<Result<EventStream::Page>> EventStream::read_page() {
    co_return co_await services_.chat.db.read([this](storage::Connection& db) -> Result<Page> {
        const auto log = services_.chat.log.on(db);
        const auto now = services_.chat.clock.now();
        Page page;
        auto next = replayed_;
        for (std::size_t bytes = 0; next < missed_.log_ids.size() && page.size() < page_events && bytes < page_bytes; ++next) {
            const auto row = log.find_by_id(missed_.log_ids[next]);
            if (!row) continue;
            const auto name = chat::event_name(row->event_kind());
            page.push_back(chunk_of(event_record(name, event_id(epoch_, row->id), event_frame(chat::to_event(db, log, *row, now)))));
            bytes += page.back()->bytes().size();
        }
        replayed_ = next;
        return page;
    });
}

void EventStream::deliver(const Delivery& delivery) {
    if (!is_open()) return;
    if (live_) send(hub_.records().of(delivery, epoch_));
    else hold(delivery);
}

void EventStream::deliver_run(std::span<const Delivery> run) {
    if (is_open() && live_) send(hub_.records().of(run, epoch_));
    else Receiver::deliver_run(run);
}

void EventStream::hold(const Delivery& delivery) {
    if (overflowed_) return;
    const auto& chunk = hub_.records().of(delivery, epoch_);
    held_bytes_ += chunk->bytes().size();
    if (held_bytes_ <= most_held_bytes) return held_.push_back({delivery.log_id, chunk});
    overflowed_ = true;
    held_.clear();
}

bool EventStream::release() {
    held_bytes_ = 0;
    auto held = std::exchange(held_, {});
    if (std::exchange(overflowed_, false)) return false;
    live_ = true;
    for (const auto& one : held) {
        if (one.log_id > missed_.up_to) send(one.chunk);
    }
    return true;
}

void EventStream::signal(const Signal& signal) {
    if (live_) send_droppable(hub_.records().of(signal));
}

void EventStream::send_away(std::chrono::milliseconds retry_after) {
    send(chunk_of(retry_record(retry_after)));
    end();
}

void EventStream::arm() {
    const auto next = next_look_at_token(owner_.caller, services_.chat.clock.now());
    shard().arm(*this, next.value_or(std::chrono::milliseconds{0}));
}

void EventStream::expired() {
    const auto keep = shared_from_this();
    if (!next_look_at_token(owner_.caller, services_.chat.clock.now())) return end();
    arm();
}

}  // namespace parley::realtime
