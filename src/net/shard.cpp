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
    while (!mailbox_.empty()) mailbox_.pop().drop();
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
        while (!work.empty()) work.pop().run();
    });
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
        turn([this] { timers_.advance(clock_.steady()); });
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
