// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

namespace parley::net {

/// A turn that held its shard for too long: nobody else's connection on it got its turn meanwhile.
struct Held {
    std::size_t shard = 0;
    std::chrono::milliseconds took{};  // without the time in which the machine ran somebody else
    std::string_view what;             // the last thing the turn said it was at
};
using OnHeld = std::function<void(const Held& held)>;

/// Looks at each turn of one shard's thread. Used on that thread only.
class HoldWatch {
public:
    static constexpr std::chrono::milliseconds too_long{50};

    ~HoldWatch();
    HoldWatch() = default;
    HoldWatch(const HoldWatch&) = delete;
    HoldWatch& operator=(const HoldWatch&) = delete;

    /// On the thread itself, before its first turn.
    void attach();
    /// What the turn is at, for the report: a text that lives as long as the program, or as the route table.
    void at(std::string_view what) noexcept { what_ = what; }
    std::string_view at() const noexcept { return what_; }

    /// How long a turn held the thread, if that is too long; else zero. A shared machine may have run others meanwhile: that time is the kernel's to
    /// tell (schedstat), and does not count.
    std::chrono::milliseconds judge(std::chrono::nanoseconds took);
    /// A look now and then, so that a later one tells what is recent.
    void refresh() { last_delay_ = run_delay(); }

private:
    /// How long the thread has waited for a processor since it began, in nanoseconds.
    std::int64_t run_delay() const;

    int schedstat_ = -1;
    std::int64_t last_delay_ = 0;
    std::string_view what_ = "nothing";
};

}  // namespace parley::net
