// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/checker.hpp"
#include "faults/client.hpp"
#include "faults/stage.hpp"
#include "faults/world.hpp"
#include "support/fakes.hpp"
#include "support/server_process.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace parley::faults {

/// PARLEY_FAULTS_SEED, or a new one that is printed.
std::uint64_t seed_of_run();
/// PARLEY_FAULTS_KILLS, or 24.
int kills_of_run();

/// A server on a folder of its own.
testing::ServerProcess::Options server_options(const std::filesystem::path& folder);

/// The load of a run on a server: all its clients, their histories, and the end.
class Run {
public:
    explicit Run(std::uint64_t seed, std::optional<std::uint64_t> largest_file_bytes = std::nullopt);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run();

    testing::ServerProcess& server() noexcept { return *server_; }
    Stage& stage() noexcept { return stage_; }

    /// Makes the world and lets the clients loose.
    void begin();
    /// Stops the clients, lets them bring to an end what is open, reads what everything has become, and stops the server.
    History end();
    /// Another server on the same folder, without a limit to its files. The one before has ended.
    void start_again();
    /// The status of a read, and of a send that no history holds.
    int try_read() const;
    int try_send() const;
    /// What the server has logged.
    std::string log() const;

private:
    void add_clients();
    void settle();
    /// Events that the log's index does not hold.
    double unplaced_events() const;
    void stop_server();

    const std::uint64_t seed_;
    testing::TemporaryFolder folder_;
    std::unique_ptr<testing::ServerProcess> server_;
    Stage stage_;
    World world_;
    std::vector<std::unique_ptr<Client>> clients_;
    History history_;
};

/// Fails the test with the first of the anomalies, by rule.
void expect_no_anomalies(const History& history);

}  // namespace parley::faults
