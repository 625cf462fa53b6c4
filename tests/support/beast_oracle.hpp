// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/head.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Boost.Beast as the second reader of what our parsers took (docs/decisions/0003-http-parsing.md). It is laxer than they are, so nothing
/// follows from what it takes and they refuse.
namespace parley::testing {

/// What Beast reads out of the same head otherwise; empty if nothing.
std::string disagreement_with_beast(const http::Head& head);

/// The body that Beast decodes from the chunked coding; nothing if it refuses or wants more.
std::optional<std::string> beast_dechunk(std::string_view coded);

}  // namespace parley::testing
