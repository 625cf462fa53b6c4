// SPDX-License-Identifier: Apache-2.0
#include "net/timing_wheel.hpp"

#include <algorithm>

namespace parley::net {

void Timer::cancel() noexcept {
    if (wheel_ == nullptr) return;
    --wheel_->armed_;
    TimingWheel::unlink(*this);
    wheel_ = nullptr;
}

std::uint64_t TimingWheel::tick_of(Moment moment) const { return moment <= start_ ? 0 : static_cast<std::uint64_t>((moment - start_) / tick); }

void TimingWheel::arm(Timer& timer, std::chrono::milliseconds after, Moment now) {
    timer.cancel();
    timer.wheel_ = this;
    ++armed_;
    timer.due_tick_ = std::max(tick_of(now + after) + 1, now_tick_ + 1);
    insert(timer);
}

void TimingWheel::insert(Timer& timer) {
    Timer*& head = wheel_[timer.due_tick_ % slots];
    timer.next_ = head;
    timer.link_ = &head;
    if (head != nullptr) head->link_ = &timer.next_;
    head = &timer;
}

void TimingWheel::unlink(Timer& timer) noexcept {
    *timer.link_ = timer.next_;
    if (timer.next_ != nullptr) timer.next_->link_ = timer.link_;
}

void TimingWheel::advance(Moment now) {
    const auto target = tick_of(now);
    // After a long sleep every slot is visited once, not once per tick.
    if (target > now_tick_ + slots) now_tick_ = target - slots;
    while (now_tick_ < target) fire_slot(++now_tick_ % slots);
}

void TimingWheel::fire_slot(std::size_t slot) {
    // The list is moved away first: what fires may arm and cancel at will, in this slot too.
    Timer* due = wheel_[slot];
    wheel_[slot] = nullptr;
    if (due != nullptr) due->link_ = &due;
    while (due != nullptr) {
        Timer& timer = *due;
        unlink(timer);
        if (timer.due_tick_ > now_tick_) {
            insert(timer);
        } else {
            timer.wheel_ = nullptr;
            --armed_;
            timer.expired();
        }
    }
}

}  // namespace parley::net
