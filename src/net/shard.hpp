// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "core/executor.hpp"
#include "core/task.hpp"
#include "net/hold_watch.hpp"
#include "net/timing_wheel.hpp"

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace parley::net {

/// One thread with its event loop, timers and mailbox. Connections live and die on the shard that accepted them; nothing that waits runs here.
class Shard final : public Executor {
public:
    /// How much one read takes: as much as a socket usually holds, so that many small frames come in one call.
    static constexpr std::size_t scratch_bytes = 64 * 1024;

    Shard(std::size_t index, const Clock& clock);
    ~Shard();

    void start();
    /// Ends the loop after the turn in progress and joins the thread.
    void stop();

    std::size_t index() const noexcept { return index_; }
    const Clock& clock() const noexcept { return clock_; }
    boost::asio::io_context& context() noexcept { return *context_; }

    using Executor::post;
    void post(WorkList&& work) override;

    /// Runs `body` on this shard's thread, from any thread; for what happens rarely.
    void run_soon(std::function<void()> body);

    void arm(Timer& timer, std::chrono::milliseconds after);
    /// `co_await shard.sleep(10s)`: resumes on this shard.
    auto sleep(std::chrono::milliseconds duration) { return Sleep{*this, duration}; }

    /// A buffer for one read, good until the turn ends; nobody keeps a view of it.
    std::span<char> scratch() noexcept { return {scratch_.get(), scratch_bytes}; }

    /// Runs `work` once when the turn ends: sessions gather what they have to send until then. For work that is not queued already. Where a turn puts
    /// off much, most of it runs in slices between other turns; so `work` keeps itself alive, and lets go where it is dropped.
    void at_end_of_turn(Work& work) noexcept { end_of_turn_.push(work); }
    /// Runs `body` as a turn: a piece of work of this shard's, and what it put off.
    template <class Body>
    void turn(Body&& body) {
        const auto begin = clock_.steady();
        holds_.at("a turn");
        body();
        end_turn();
        const auto took = clock_.steady() - begin;
        if (took > HoldWatch::too_long) [[unlikely]]
            report(took);
    }
    /// What the turn is at, for the report of one that takes too long.
    void at(std::string_view what) noexcept { holds_.at(what); }
    /// Hears of turns that held the shard for too long, on its thread. Before the start.
    void on_held(OnHeld tell) { on_held_ = std::move(tell); }

    /// The shard whose thread this is.
    static Shard& current() noexcept { return static_cast<Shard&>(*Executor::current()); }

private:
    struct Loop;
    class Sleep final : public Timer {
    public:
        Sleep(Shard& shard, std::chrono::milliseconds duration) : shard_(shard), duration_(duration) {}
        ~Sleep() = default;
        bool await_ready() const noexcept { return duration_.count() <= 0; }
        void await_suspend(std::coroutine_handle<> waiting) {
            waiting_ = waiting;
            shard_.arm(*this, duration_);
        }
        void await_resume() const noexcept {}

    private:
        void expired() override { waiting_.resume(); }
        Shard& shard_;
        std::chrono::milliseconds duration_;
        std::coroutine_handle<> waiting_;
    };

    void run();
    void drain();
    void wait_for_tick();
    void end_turn();
    void run_put_off();
    void report(std::chrono::nanoseconds took);

    const std::size_t index_;
    const Clock& clock_;
    std::unique_ptr<boost::asio::io_context> context_;
    std::unique_ptr<Loop> loop_;
    HoldWatch holds_;
    OnHeld on_held_;
    TimingWheel timers_;
    bool ticking_ = false;
    std::unique_ptr<char[]> scratch_;
    WorkList end_of_turn_;
    WorkList put_off_;  // what was too much for the end of its turn
    bool slice_queued_ = false;

    std::mutex mutex_;
    WorkList mailbox_;
    std::thread thread_;
};

/// All shards of the server.
class Shards {
public:
    Shards(std::size_t count, const Clock& clock);

    void start();
    void stop();

    std::size_t size() const noexcept { return shards_.size(); }
    Shard& operator[](std::size_t index) noexcept { return *shards_[index]; }
    auto begin() noexcept { return shards_.begin(); }
    auto end() noexcept { return shards_.end(); }

private:
    std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace parley::net
