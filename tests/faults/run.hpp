// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/checker.hpp"
#include "faults/client.hpp"
#include "faults/stage.hpp"
#include "faults/world.hpp"
#include "support/fakes.hpp"
#include "support/server_process.hpp"
#include "support/tcp_proxy.hpp"

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
/// PARLEY_FAULTS=long: stops of 30 s, many more of each fault.
bool is_long_run();

/// A server on a folder of its own: the built one, or PARLEY_FAULTS_BINARY, a server with a fault that is to be found.
testing::ServerProcess::Options server_options(const std::filesystem::path& folder);

/// How much of a load, and over which network.
struct Load {
    int writers = 0;  // beside the four there always are
    int sockets = 0;  // that read, beside the others of four users
    bool through_proxy = false;
};
/// What "20 writing, 200 reading" is made of.
inline constexpr Load crowd{.writers = 16, .sockets = 200};

/// The load of a run on a server: all its clients, their histories, and the end.
class Run {
public:
    explicit Run(std::uint64_t seed, std::optional<std::uint64_t> largest_file_bytes = std::nullopt) : Run(seed, Load{}, largest_file_bytes) {}
    Run(std::uint64_t seed, Load load, std::optional<std::uint64_t> largest_file_bytes = std::nullopt);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run();

    testing::ServerProcess& server() noexcept { return *server_; }
    Stage& stage() noexcept { return stage_; }
    /// Where the load goes through one.
    testing::TcpProxy& proxy() noexcept { return *proxy_; }

    /// Makes the world and lets the clients loose.
    void begin();
    /// Stops the clients, lets them bring to an end what is open, reads what everything has become, and stops the server.
    History end();
    /// Another server on the same folder, without a limit to its files. The one before has ended.
    void start_again();
    /// The status of a read, and of a send that no history holds.
    int try_read() const;
    int try_send() const;
    const World& world() const noexcept { return world_; }
    /// A folder of the run's own, beside the server's.
    std::filesystem::path folder() const { return folder_.path(); }
    /// What the server has logged.
    std::string log() const;

private:
    void add_clients();
    void add_crowd();
    void add_guests();
    const std::string& address() const { return proxy_ ? proxy_->address() : server_->address(); }
    void settle();
    /// Events that the log's index does not hold.
    double unplaced_events() const;
    void stop_server();

    const std::uint64_t seed_;
    const Load load_;
    testing::TemporaryFolder folder_;
    std::unique_ptr<testing::ServerProcess> server_;
    std::unique_ptr<testing::TcpProxy> proxy_;
    Stage stage_;
    World world_;
    std::vector<std::unique_ptr<Client>> clients_;
    History history_;
};

/// Fails the test with the first of the anomalies, by rule.
void expect_no_anomalies(const History& history);

}  // namespace parley::faults
