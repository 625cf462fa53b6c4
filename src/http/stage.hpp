// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "http/call.hpp"
#include "http/reply.hpp"

namespace parley::http {

/// A link of the chain around every request. `before` runs in order, once the route is known and before the body is read; the first error is the
/// answer. `after` runs in the opposite order for every answer, errors included. Both run on the shard and do not wait.
class Stage {
public:
    Stage() = default;
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;
    virtual ~Stage() = default;

    virtual Result<void> before(Call& call);
    virtual void after(const Call& call, Reply& reply);
};

inline Result<void> Stage::before(Call&) { return {}; }
inline void Stage::after(const Call&, Reply&) {}

}  // namespace parley::http
