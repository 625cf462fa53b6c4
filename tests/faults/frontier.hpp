// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace parley::faults {

/// The highest of numbers that became known at moments: what everybody may be expected to know later. Moments and numbers in O(log n).
class Frontier {
public:
    void add(std::int64_t moment, std::int64_t number) { known_.emplace_back(moment, number); }

    /// The highest number that was known strictly before a moment, 0 if there was none. `settle` comes between the last `add` and the first call.
    std::int64_t before(std::int64_t moment) const {
        const auto end = std::ranges::lower_bound(known_, moment, {}, &std::pair<std::int64_t, std::int64_t>::first);
        return end == known_.begin() ? 0 : std::prev(end)->second;
    }
    std::int64_t highest() const { return known_.empty() ? 0 : known_.back().second; }

    void settle() {
        std::ranges::sort(known_);
        std::int64_t highest = 0;
        for (auto& [moment, number] : known_) number = highest = std::max(highest, number);
    }

private:
    std::vector<std::pair<std::int64_t, std::int64_t>> known_;
};

}  // namespace parley::faults
