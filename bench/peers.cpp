// SPDX-License-Identifier: Apache-2.0
#include "peers.hpp"

#include "bare_fanout.hpp"
#include "process.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

#include <fmt/format.h>
#include <fstream>
#include <utility>

namespace parley::bench {
namespace {

namespace fs = std::filesystem;

class ForeignPeer final : public Peer {
public:
    ForeignPeer(std::unique_ptr<TemporaryFolder> folder, std::unique_ptr<ChildProcess> process, std::uint16_t port, std::unique_ptr<Dialect> dialect)
        : folder_(std::move(folder)),
          process_(std::move(process)),
          port_(port),
          dialect_(std::move(dialect)) {
        wait_until_listening(*process_, port_);
    }
    std::uint16_t port() const override { return port_; }
    Dialect& dialect() override { return *dialect_; }
    double cpu_micros() const override { return process_->cpu_micros(); }
    ChildProcess::Memory memory() const override { return process_->memory(); }

private:
    std::unique_ptr<TemporaryFolder> folder_;
    std::unique_ptr<ChildProcess> process_;
    std::uint16_t port_;
    std::unique_ptr<Dialect> dialect_;
};

class ParleyPeer final : public Peer {
public:
    ParleyPeer(const Settings& settings, std::size_t members) : folder_(settings.folder) {
        const auto data_dir = folder_.path() / "data";
        const auto people = make_world(data_dir, {.people = members, .groups = 1, .members_per_group = members});
        std::vector<std::string> tokens;
        for (const auto& person : people) tokens.push_back(person.access_token);
        server_ = std::make_unique<ServerProcess>(
            ServerProcess::Options{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}, {"PARLEY_REALTIME_PING_INTERVAL", "10m"}}});
        dialect_ = parley_socket(server_->public_port(), std::move(tokens), people.front().groups.front().value);
    }
    std::uint16_t port() const override { return server_->public_port(); }
    Dialect& dialect() override { return *dialect_; }
    double cpu_micros() const override { return server_->cpu_micros(); }
    ChildProcess::Memory memory() const override { return server_->memory(); }

private:
    TemporaryFolder folder_;
    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<Dialect> dialect_;
};

void write_file(const fs::path& path, std::string_view text) { std::ofstream{path} << text; }

std::unique_ptr<Peer> start_bare(const Settings&, std::size_t) {
    const auto port = free_port();
    auto process = std::make_unique<ChildProcess>([port] { serve_bare_fanout(port); });
    return std::make_unique<ForeignPeer>(nullptr, std::move(process), port, plain_websocket(port));
}

std::unique_ptr<Peer> start_nats(const Settings&, std::size_t) {
    const auto port = free_port();
    auto process = std::make_unique<ChildProcess>(
        ChildProcess::Command{.arguments = {"nats-server", "-a", "127.0.0.1", "-p", std::to_string(port), "-l", "/dev/null"}});
    return std::make_unique<ForeignPeer>(nullptr, std::move(process), port, nats());
}

std::unique_ptr<Peer> start_mosquitto(const Settings& settings, std::size_t) {
    const auto port = free_port();
    auto folder = std::make_unique<TemporaryFolder>(settings.folder);
    const auto config = folder->path() / "mosquitto.conf";
    // set_tcp_nodelay: its manual's advice for latency. Without it small messages wait for acknowledgements of the network.
    write_file(config, fmt::format("listener {} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\nlog_type error\n", port));
    auto process = std::make_unique<ChildProcess>(ChildProcess::Command{.arguments = {"mosquitto", "-c", config}});
    return std::make_unique<ForeignPeer>(std::move(folder), std::move(process), port, mqtt());
}

/// Started without its shell script, which would switch users. Rooms are archived (XEP-0313) and of the large kind: no presence is told.
std::unique_ptr<Peer> start_ejabberd(const Settings& settings, std::size_t) {
    const auto port = free_port();
    auto folder = std::make_unique<TemporaryFolder>(settings.folder);
    const auto config = folder->path() / "ejabberd.yml";
    write_file(config, fmt::format(R"(hosts: [localhost]
loglevel: error
listen:
  - {{port: {}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, shaper: none, access: all}}
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
disable_sasl_mechanisms: []
modules:
  mod_mam: {{default: always, db_type: mnesia}}
  mod_muc:
    access: all
    access_create: all
    history_size: 0
    max_users: 5000
    default_room_options: {{mam: true, max_users: 5000, presence_broadcast: []}}
)",
                                   port));
    auto process =
        std::make_unique<ChildProcess>(ChildProcess::Command{.arguments = {"erl", "+K", "true", "+P", "250000", "-noinput", "-mnesia", "dir",
                                                                           fmt::format("\"{}\"", folder->path().string()), "-s", "ejabberd"},
                                                             .environment = {{"EJABBERD_CONFIG_PATH", config},
                                                                             {"EJABBERD_LOG_PATH", folder->path() / "ejabberd.log"},
                                                                             {"ERL_LIBS", "/usr/lib/x86_64-linux-gnu"},
                                                                             {"HOME", folder->path()},
                                                                             {"ERL_MAX_PORTS", "32000"}},
                                                             .working_directory = folder->path()});
    return std::make_unique<ForeignPeer>(std::move(folder), std::move(process), port, xmpp());
}

std::unique_ptr<Peer> start_node(std::string_view script, std::unique_ptr<Dialect> (*dialect)(std::uint16_t)) {
    const auto port = free_port();
    auto process = std::make_unique<ChildProcess>(ChildProcess::Command{.arguments = {"node", fmt::format("{}/{}", PARLEY_BENCH_PEERS, script)},
                                                                        .environment = {{"PORT", std::to_string(port)}}});
    return std::make_unique<ForeignPeer>(nullptr, std::move(process), port, dialect(port));
}

}  // namespace

const std::vector<PeerKind>& fanout_peers() {
    static const std::vector<PeerKind> kinds{
        {"parley", [](const Settings& settings, std::size_t members) { return std::make_unique<ParleyPeer>(settings, members); }, false},
        {"bare copy", start_bare, false},
        {"nats-server", start_nats},
        {"ws", [](const Settings&, std::size_t) { return start_node("ws.mjs", plain_websocket); }},
        {"mosquitto", start_mosquitto},
        {"socket.io", [](const Settings&, std::size_t) { return start_node("socket_io.mjs", socket_io); }},
        {"ejabberd", start_ejabberd},
    };
    return kinds;
}

}  // namespace parley::bench
