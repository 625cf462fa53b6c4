// SPDX-License-Identifier: Apache-2.0
#include "realtime/change_watch.hpp"

#include "auth/errors.hpp"
#include "http/errors.hpp"

#include <algorithm>

namespace parley::realtime {
namespace {

/// Signals come often, and few of them mean a change of one's own: several are looked at together.
constexpr std::chrono::milliseconds signal_delay{200};

}  // namespace

/// Waits for a change, the end of the time, or an error.
struct HubWatch::Woken {
    HubWatch& watch;
    bool await_ready() const noexcept { return watch.changed_ || watch.over_ || watch.error_; }
    void await_suspend(std::coroutine_handle<> waiting) const noexcept { watch.waiting_ = waiting; }
    void await_resume() const noexcept {}
};

HubWatch::HubWatch(net::Shard& shard, Services& services, UserSocket::Owner owner, std::chrono::milliseconds longest)
    : shard_(shard),
      services_(services),
      hub_(services.hub_of(shard)),
      owner_(std::move(owner)),
      end_(shard.clock().steady() + longest) {}

HubWatch::~HubWatch() { hub_.detach(owner_.caller.user, *this); }

Task<Result<void>> HubWatch::attach() {
    CO_CHECK(co_await hub_.attach(owner_.caller.user, *this));
    // The session may have ended while the conversations were read, before the hub knew the watch.
    if (!services_.guard.is_live(shard_, owner_.caller.session)) co_return fail(auth::errors::session_ended);
    arm();
    co_return Result<void>{};
}

Task<Result<bool>> HubWatch::next() {
    co_await Woken{*this};
    if (error_) co_return std::unexpected(*std::exchange(error_, std::nullopt));
    co_return std::exchange(changed_, false);
}

void HubWatch::arm() {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - shard_.clock().steady());
    shard_.arm(*this, std::max(left, std::chrono::milliseconds{0}));
}

void HubWatch::expired() {
    over_ = shard_.clock().steady() >= end_;
    if (std::exchange(signalled_, false)) changed_ = true;
    if (!over_) arm();
    wake();
}

void HubWatch::note() {
    changed_ = true;
    wake();
}

void HubWatch::signal(const Signal&) {
    if (!std::exchange(signalled_, true)) shard_.arm(*this, signal_delay);
}

void HubWatch::send_away(std::chrono::milliseconds retry_after) {
    error_ = Error{http::errors::draining}.with_retry_after(retry_after);
    wake();
}

void HubWatch::session_ended() {
    error_ = Error{auth::errors::session_ended};
    wake();
}

void HubWatch::wake() {
    if (waiting_ && !std::exchange(queued_, true)) shard_.at_end_of_turn(*this);
}

void HubWatch::run() {
    queued_ = false;
    std::exchange(waiting_, {}).resume();
}

}  // namespace parley::realtime
