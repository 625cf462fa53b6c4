// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace parley::net {

class TimingWheel;

/// Something that happens once, later, unless it is cancelled. It is a link of the wheel itself: arming and cancelling allocate nothing, take
/// constant time, and destroying an armed timer cancels it.
class Timer {
public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void cancel() noexcept;
    bool armed() const noexcept { return wheel_ != nullptr; }

protected:
    ~Timer() { cancel(); }

private:
    friend class TimingWheel;
    virtual void expired() = 0;

    TimingWheel* wheel_ = nullptr;
    Timer* next_ = nullptr;
    Timer** link_ = nullptr;  // what points to this timer
    std::uint64_t due_tick_ = 0;
};

/// The timeouts of one shard. Coarse, because all it serves are limits of seconds: a timer fires up to one tick late and never early.
class TimingWheel {
public:
    static constexpr std::chrono::milliseconds tick{100};

    explicit TimingWheel(Moment now) : start_(now) {}
    TimingWheel(const TimingWheel&) = delete;
    TimingWheel& operator=(const TimingWheel&) = delete;

    /// Arms, or arms anew.
    void arm(Timer& timer, std::chrono::milliseconds after, Moment now);
    /// Fires what is due at `now`.
    void advance(Moment now);
    std::size_t armed() const noexcept { return armed_; }

private:
    friend class Timer;
    static constexpr std::size_t slots = 1024;  // 102 s a turn; longer timers stay for another turn

    std::uint64_t tick_of(Moment moment) const;
    void insert(Timer& timer);
    static void unlink(Timer& timer) noexcept;
    void fire_slot(std::size_t slot);

    const Moment start_;
    std::uint64_t now_tick_ = 0;
    std::size_t armed_ = 0;
    std::array<Timer*, slots> wheel_{};
};

}  // namespace parley::net
