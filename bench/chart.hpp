// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report.hpp"

#include <string>
#include <vector>

namespace parley::bench {

/// The reports as an SVG: a panel for each figure, a bar for each row, its length the logarithm of the value.
std::string draw(const std::vector<Report>& reports);

}  // namespace parley::bench
