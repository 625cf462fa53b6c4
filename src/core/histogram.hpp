// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace parley {

/// How often something had which size: counted by any thread, read by any other, without a lock. The bounds suit times in microseconds as well as
/// numbers of things.
class Histogram {
public:
    /// A value counts under the first bound that is not below it; above the last there is no bound.
    static constexpr std::array<std::uint64_t, 18> bounds{1,     4,      16,     64,     100,     250,     500,       1'000,     2'500,
                                                          5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000, 30'000'000};

    void add(std::uint64_t value) noexcept {
        std::size_t place = 0;
        while (place < bounds.size() && bounds.at(place) < value) ++place;
        counts_[place].fetch_add(1, std::memory_order_relaxed);
        sum_.fetch_add(value, std::memory_order_relaxed);
    }

    struct Reading {
        std::array<std::uint64_t, bounds.size() + 1> up_to{};  // how many were at most each bound; the last: all
        std::uint64_t sum = 0;
    };
    Reading read() const noexcept {
        Reading reading{.sum = sum_.load(std::memory_order_relaxed)};
        std::uint64_t all = 0;
        for (std::size_t i = 0; i < counts_.size(); ++i) reading.up_to.at(i) = all += counts_.at(i).load(std::memory_order_relaxed);
        return reading;
    }

private:
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
    std::atomic<std::uint64_t> sum_ = 0;
};

}  // namespace parley
