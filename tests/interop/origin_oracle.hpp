// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/fakes.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace parley::interop {

/// A running Django project with the origin's routes (origin_oracle/project.py), its database in a folder of its own. It ends with this object.
/// Throws std::runtime_error if it does not start: an oracle that is not installed is no reason to skip.
class OriginOracle {
public:
    OriginOracle();

    /// "127.0.0.1:43121".
    const std::string& address() const noexcept { return address_; }

private:
    struct Close {
        void operator()(std::FILE* pipe) const noexcept;
    };

    testing::TemporaryFolder folder_;
    std::unique_ptr<std::FILE, Close> process_;  // its standard input: it ends when that does
    std::string address_;
};

}  // namespace parley::interop
