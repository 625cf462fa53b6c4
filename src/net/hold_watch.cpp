// SPDX-License-Identifier: Apache-2.0
#include "net/hold_watch.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <charconv>

namespace parley::net {

HoldWatch::~HoldWatch() {
    if (schedstat_ >= 0) ::close(schedstat_);
}

void HoldWatch::attach() {
    schedstat_ = ::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    refresh();
}

std::chrono::milliseconds HoldWatch::judge(std::chrono::nanoseconds took) {
    if (took <= too_long) return std::chrono::milliseconds{0};
    const auto delay = run_delay();
    const auto own = took - std::chrono::nanoseconds{std::max<std::int64_t>(0, delay - last_delay_)};
    last_delay_ = delay;
    return own <= too_long ? std::chrono::milliseconds{0} : std::chrono::duration_cast<std::chrono::milliseconds>(own);
}

/// "<time on a processor> <time of waiting for one> <slices>" (Documentation/scheduler/sched-stats.rst of the kernel).
std::int64_t HoldWatch::run_delay() const {
    std::array<char, 96> text{};
    const auto count = schedstat_ < 0 ? 0 : ::pread(schedstat_, text.data(), text.size(), 0);
    const std::string_view line{text.data(), static_cast<std::size_t>(std::max<std::int64_t>(0, count))};
    const auto space = line.find(' ');
    std::int64_t delay = 0;
    if (space != std::string_view::npos) std::from_chars(line.data() + space + 1, line.data() + line.size(), delay);
    return delay;
}

}  // namespace parley::net
