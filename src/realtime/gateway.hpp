// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/change_watch.hpp"
#include "core/random.hpp"
#include "http/middleware/host_check.hpp"
#include "http/route.hpp"
#include "realtime/hub.hpp"
#include "realtime/publisher.hpp"
#include "realtime/services.hpp"
#include "realtime/socket_counts.hpp"
#include "realtime/typing.hpp"
#include "realtime/user_socket.hpp"
#include "realtime/watchers.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace parley::realtime {

/// The door of the sockets: hubs and tasks of every shard, the upgrade route, and the end of it all at a stop.
class Gateway {
public:
    Gateway(net::Shards& shards, storage::Database& db, TaskGroup::OnException on_exception, std::int64_t sockets_per_user);
    ~Gateway();

    /// After the services are built; before the route is called. `own` and `allowed`, of server.allowed_origins: whose pages may open sockets.
    void use(Services& services, const http::PublicOrigin& own, const std::vector<std::string>& allowed) {
        services_ = &services;
        own_origin_ = &own;
        allowed_origins_ = &allowed;
    }

    /// `GET /api/v1/realtime`, `GET /api/v1/realtime/sse` and `GET /api/v1/conversations/{conversation}/presence`.
    http::Routes routes();

    /// A browser names the page that opens a socket, and checks nothing itself (RFC 6455 section 10.2); other clients name none. Error:
    /// foreign_origin.
    Result<void> check_origin(const http::Call& call) const;
    /// A place for another socket of this user. Errors: http::errors::draining, too_many_sockets.
    Result<UserSocket::Owner> admit(const Caller& caller);

    /// For calls that wait for a change; called when the server runs.
    chat::WatchChanges change_watches();

    Hub& hub_of(net::Shard& shard) noexcept { return *hubs_[shard.index()]; }
    TaskGroup& tasks_of(net::Shard& shard) noexcept { return *tasks_[shard.index()]; }
    SocketCounts& counts() noexcept { return counts_; }
    const SocketCounts& counts() const noexcept { return counts_; }
    Typing& typing() noexcept { return typing_; }
    Presence& presence() noexcept { return presence_; }
    Watchers& watchers_of(net::Shard& shard) noexcept { return *watchers_[shard.index()]; }
    Publisher& publisher() noexcept { return publisher_; }
    const Publisher& publisher() const noexcept { return publisher_; }

    /// Closes every socket (1012), each with its own moment in `spread` to come back at. From any thread.
    void send_everybody_away(Random& random, std::chrono::milliseconds spread);
    /// Ends sockets whose close is not answered. From any thread.
    void close_all();
    /// Tasks of sockets that still run. From any thread.
    std::size_t tasks_running() const noexcept;

private:
    static Task<Result<http::Reply>> upgrade(Gateway& gateway, http::Call& call);
    static Task<Result<http::Reply>> stream(Gateway& gateway, http::Call& call);
    static Task<Result<http::Reply>> presence_in(Gateway& gateway, http::Call& call);

    Task<Result<std::unique_ptr<chat::ChangeWatch>>> watch(net::Shard& shard, Caller caller, std::chrono::milliseconds longest);

    net::Shards& shards_;
    Presence presence_;
    std::vector<std::unique_ptr<Hub>> hubs_;
    std::vector<std::unique_ptr<TaskGroup>> tasks_;
    std::vector<std::unique_ptr<Watchers>> watchers_;
    SocketCounts counts_;
    Publisher publisher_;
    Typing typing_;
    Services* services_ = nullptr;
    const http::PublicOrigin* own_origin_ = nullptr;
    const std::vector<std::string>* allowed_origins_ = nullptr;
    std::atomic<bool> stopping_ = false;
};

/// The answer that opens a WebSocket, with who takes it over. Errors: those of websocket/handshake.hpp; 426 names what is spoken here (RFC 9110
/// section 15.5.22, RFC 6455 section 4.4).
Result<http::Reply> switch_protocols(http::Call& call, std::string_view subprotocol, http::Upgrade upgrade);

}  // namespace parley::realtime
