// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/stage.hpp"
#include "support/server_process.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace parley::faults {

/// When the server is killed.
enum class Moment : std::uint8_t {
    acknowledgement,  // right after some author was told that something holds
    any,              // somewhere in the load
    lull,             // authors have just stopped: the log's index catches up
    starting,         // twice: in the load, and before the next server is ready
    draining,         // after SIGTERM
};

/// Ends the server under its clients and starts it again, as often as it is asked to.
class Killing {
public:
    Killing(testing::ServerProcess& server, Stage& stage, std::uint64_t seed) : server_(server), stage_(stage), chance_(seed) {}

    /// Kills once, or twice, and starts it again.
    void kill_once();
    int kills() const noexcept { return kills_; }
    const std::map<Moment, int>& kills_by_moment() const noexcept { return kills_by_moment_; }
    /// From each start to its being ready.
    const std::vector<std::chrono::milliseconds>& starts() const noexcept { return starts_; }
    /// What the server did by itself.
    const std::vector<std::string>& surprises() const noexcept { return surprises_; }

private:
    std::chrono::milliseconds some(int least, int most);
    Moment pick_moment();
    void wait_for(Moment moment);
    /// Lets time pass in which the server has to stay.
    void let_run(std::chrono::milliseconds time);
    void end(Moment moment);
    void end_draining();
    void count(Moment moment);

    testing::ServerProcess& server_;
    Stage& stage_;
    std::mt19937_64 chance_;
    std::vector<Moment> deck_;  // the moments to come: shuffled, so that every run has some of each
    int kills_ = 0;
    std::map<Moment, int> kills_by_moment_;
    std::vector<std::chrono::milliseconds> starts_;
    std::vector<std::string> surprises_;
};

}  // namespace parley::faults
