// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/application.hpp"
#include "app/meta.hpp"
#include "app/probes.hpp"
#include "auth/guard.hpp"
#include "auth/key_ring.hpp"
#include "auth/sessions.hpp"
#include "blob/blob_store.hpp"
#include "chat/context.hpp"
#include "chat/conversations.hpp"
#include "chat/groups.hpp"
#include "chat/log.hpp"
#include "chat/messages.hpp"
#include "chat/routes.hpp"
#include "core/rate_limiter.hpp"
#include "core/worker_pool.hpp"
#include "files/routes.hpp"
#include "files/service.hpp"
#include "http/cursor.hpp"
#include "http/forwarded.hpp"
#include "http/middleware/host_check.hpp"
#include "http/server.hpp"
#include "jobs/worker.hpp"
#include "net/shard.hpp"
#include "origin/routes.hpp"
#include "pages/documentation.hpp"
#include "realtime/gateway.hpp"
#include "storage/database.hpp"
#include "users/names.hpp"
#include "users/profile_cache.hpp"
#include "users/routes.hpp"
#include "users/service.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace parley::app {

/// The objects of a server in the order in which they are built: each uses only those above it, and goes before them.
struct Application::Parts {
    Parts(const config::Config& settings, const Clock& clock, Random& random, logging::Logger& logger, storage::DataFolder data_folder,
          std::unique_ptr<auth::KeyRing> keys, std::unique_ptr<storage::Database> database);
    ~Parts();

    Result<void> listen();
    void run();
    void stop();

    const config::Config config;
    const Clock& clock;
    Random& random;
    logging::Logger& logger;
    storage::DataFolder folder;
    std::unique_ptr<auth::KeyRing> key_ring;
    std::unique_ptr<storage::Database> db;

    WorkerPool hashing;
    WorkerPool disk;
    net::Shards shards;
    users::NameFolder names;
    Meta meta;
    http::Cursors cursors;
    std::unique_ptr<blob::BlobStore> blobs;
    RateLimiter send_limit, sign_up_limit, sign_in_limit;

    auth::Guard guard;
    auth::Sessions sessions;
    chat::Log log;
    files::Service files;
    users::ProfileCache profiles;
    users::Service users;
    chat::Context chat;
    chat::Messages messages;
    chat::Conversations conversations;
    chat::Groups groups;
    websocket::SessionSettings socket_settings;
    realtime::Gateway gateway;
    realtime::Services realtime;

    Vitals vitals;
    users::RouteContext users_routes;
    files::RouteContext files_routes;
    chat::RouteContext chat_routes;
    http::PublicOrigin origin;
    origin::GroupSockets origin_sockets;
    origin::RouteContext origin_routes;
    http::Router router;
    std::unique_ptr<pages::Documentation> documentation;  // of the routes
    http::Server server;
    jobs::Worker worker;
    std::string public_address, internal_address;
    bool running = false;
    std::atomic<std::uint64_t> shard_holds = 0;

private:
    void add_routes();
    void add_stages(http::TrustedProxies proxies);
    void add_jobs();
    std::string metrics() const;
    bool wait_until(const std::function<bool()>& done, std::chrono::milliseconds longest);
};

}  // namespace parley::app
