// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/random.hpp"
#include "http/stage.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace parley::http {

/// Gives every request an id, shows it in X-Request-Id and in errors, and takes over the one a proxy gave, if it is a short plain word.
class RequestIds final : public Stage {
public:
    explicit RequestIds(Random& random);
    Result<void> before(Call& call) override;

private:
    const std::string prefix_;  // of this process, so that ids of two starts never meet
    std::atomic<std::uint64_t> number_ = 0;
};

}  // namespace parley::http
