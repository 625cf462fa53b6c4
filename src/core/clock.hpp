// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

namespace parley {

/// Where every "now" comes from; a test sets its own.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    /// The calendar's time. It may jump either way; nothing may order events by it.
    virtual Timestamp now() const = 0;
    /// Never goes back; for timeouts and rates.
    virtual Moment steady() const = 0;
};

class SystemClock final : public Clock {
public:
    Timestamp now() const override { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }
    Moment steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace parley
