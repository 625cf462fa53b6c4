// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/stage.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::http {

/// Cross-origin calls from the pages the operator listed, and from no others (Fetch standard, "CORS protocol"). Off while the list is empty. Never
/// `*`, never `null`, never with credentials: such pages send a bearer token.
class Cors final : public Stage {
public:
    explicit Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}
    Result<void> before(Call& call) override;

private:
    const std::vector<std::string> origins_;
};

}  // namespace parley::http
