// SPDX-License-Identifier: Apache-2.0
#include "net/shard.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace parley::net {

namespace asio = boost::asio;

namespace {

/// What a turn puts off and still runs itself: with a sendmsg each, a few hundred microseconds.
constexpr int most_at_once = 64;
/// The rest runs in slices of so long.
constexpr std::chrono::milliseconds longest_slice{2};
constexpr int looks_at_clock_every = 16;

}  // namespace

struct Shard::Loop {
    explicit Loop(asio::io_context& context) : guard(asio::make_work_guard(context)), tick(context) {}
    asio::executor_work_guard<asio::io_context::executor_type> guard;
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, asio::io_context::executor_type> tick;
};

Shard::Shard(std::size_t index, const Clock& clock)
    : index_(index),
      clock_(clock),
      context_(std::make_unique<asio::io_context>(1)),
      loop_(std::make_unique<Loop>(*context_)),
      timers_(clock.steady()),
      scratch_(std::make_unique_for_overwrite<char[]>(scratch_bytes)) {}

Shard::~Shard() {
    stop();
    for (auto* list : {&mailbox_, &end_of_turn_, &put_off_}) {
        while (!list->empty()) list->pop().drop();
    }
}

void Shard::start() {
    thread_ = std::thread{[this] { run(); }};
}

void Shard::stop() {
    if (!thread_.joinable()) return;
    context_->stop();
    thread_.join();
}

void Shard::run() {
    ::pthread_setname_np(::pthread_self(), fmt::format("shard-{}", index_).c_str());
    set_current(this);
    holds_.attach();
    context_->run();
    set_current(nullptr);
}

void Shard::post(WorkList&& work) {
    if (work.empty()) return;
    bool wake = false;
    {
        const std::scoped_lock lock{mutex_};
        wake = mailbox_.empty();
        mailbox_.append(std::move(work));
    }
    if (wake) asio::post(*context_, [this] { drain(); });
}

void Shard::drain() {
    WorkList work;
    {
        const std::scoped_lock lock{mutex_};
        work = std::move(mailbox_);
    }
    turn([&] {
        at("the mailbox");
        while (!work.empty()) work.pop().run();
    });
}

/// A turn that put off little does it at once; the rest of much waits, so that a group of thousands holds nobody else up.
void Shard::end_turn() {
    for (int i = 0; i < most_at_once && !end_of_turn_.empty(); ++i) end_of_turn_.pop().run();
    put_off_.append(std::move(end_of_turn_));
    if (put_off_.empty() || std::exchange(slice_queued_, true)) return;
    asio::post(*context_, [this] { run_put_off(); });
}

void Shard::run_put_off() {
    slice_queued_ = false;
    turn([this] {
        at("what was put off");
        const auto end = clock_.steady() + longest_slice;
        do {
            for (int i = 0; i < looks_at_clock_every && !put_off_.empty(); ++i) put_off_.pop().run();
        } while (!put_off_.empty() && clock_.steady() < end);
    });
}

void Shard::report(std::chrono::nanoseconds took) {
    const auto held = holds_.judge(took);
    if (held.count() > 0 && on_held_) on_held_({index_, held, holds_.at()});
}

void Shard::run_soon(std::function<void()> body) {
    asio::post(*context_, [this, body = std::move(body)] { turn(body); });
}

void Shard::arm(Timer& timer, std::chrono::milliseconds after) {
    timers_.arm(timer, after, clock_.steady());
    if (!ticking_) wait_for_tick();
}

/// Ticks only while something is armed: an idle shard sleeps.
void Shard::wait_for_tick() {
    ticking_ = timers_.armed() > 0;
    if (!ticking_) return;
    loop_->tick.expires_after(TimingWheel::tick);
    loop_->tick.async_wait([this](const boost::system::error_code& code) {
        if (code) return;
        holds_.refresh();
        turn([this] {
            at("timers");
            timers_.advance(clock_.steady());
        });
        wait_for_tick();
    });
}

Shards::Shards(std::size_t count, const Clock& clock) {
    for (std::size_t i = 0; i < count; ++i) shards_.push_back(std::make_unique<Shard>(i, clock));
}

void Shards::start() {
    for (auto& shard : shards_) shard->start();
}

void Shards::stop() {
    for (auto& shard : shards_) shard->stop();
}

}  // namespace parley::net
