// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace parley::jobs {

/// What a run of a job leaves: a long job is done in slices, so that others get their turn.
enum class Left : std::uint8_t {
    nothing,
    more,   // to be done at once
    later,  // to be done when something else has happened: in a second
};

}  // namespace parley::jobs
