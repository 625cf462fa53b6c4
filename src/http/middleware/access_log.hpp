// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/stage.hpp"
#include "logging/logger.hpp"

namespace parley::http {

/// A line per answer: method, route (not the path: ids stay, whatever else was typed into a URL does not), status, time, user, address.
class AccessLog final : public Stage {
public:
    explicit AccessLog(logging::Logger& logger) : logger_(logger) {}
    void after(const Call& call, Reply& reply) override;

private:
    logging::Logger& logger_;
};

}  // namespace parley::http
