// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "child_process.hpp"
#include "dialect.hpp"
#include "scenarios.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace parley::bench {

/// A server that takes part in a comparison: started when made, ended when gone.
class Peer {
public:
    Peer() = default;
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    virtual ~Peer() = default;

    virtual std::uint16_t port() const = 0;
    virtual Dialect& dialect() = 0;
    /// CPU time so far, of all of it.
    virtual double cpu_micros() const = 0;
    virtual ChildProcess::Memory memory() const = 0;
};

/// How to start one with a group of so many members. Throws std::runtime_error if it is not installed (`tools/setup bench`).
struct PeerKind {
    std::string name;
    std::function<std::unique_ptr<Peer>(const Settings& settings, std::size_t members)> start;
    /// Parley itself and the floor stay whatever is left out.
    bool is_foreign = true;
};

/// Parley, the bare floor, and the servers that Debian and npm have, each with the settings its documents recommend.
const std::vector<PeerKind>& fanout_peers();

}  // namespace parley::bench
