// SPDX-License-Identifier: Apache-2.0
#include "app/parts.hpp"

#include "admin/routes.hpp"
#include "app/description.hpp"
#include "app/metrics.hpp"
#include "app/settings.hpp"
#include "auth/errors.hpp"
#include "auth/routes.hpp"
#include "blob/disk/disk_store.hpp"
#include "chat/file_events.hpp"
#include "http/middleware/access_log.hpp"
#include "http/middleware/authentication.hpp"
#include "http/middleware/client_address.hpp"
#include "http/middleware/cors.hpp"
#include "http/middleware/rate_limit.hpp"
#include "http/middleware/request_id.hpp"

#include <algorithm>
#include <thread>

namespace parley::app {
namespace {

/// Password hashes that may wait: more would be answered after their clients gave up.
constexpr std::size_t waiting_hashes = 32;
constexpr std::size_t disk_threads = 4, waiting_disk_calls = 4096;

TaskGroup::OnException report_to(logging::Logger& logger) {
    return [&logger](const std::string& group, const std::exception_ptr& exception) {
        try {
            std::rethrow_exception(exception);
        } catch (const std::exception& known) {
            logger.error("an exception escaped", {{"group", group}, {"what", known.what()}});
        } catch (...) {
            logger.error("an exception escaped", {{"group", group}});
        }
    };
}

}  // namespace

Application::Parts::Parts(const config::Config& settings, const Clock& clock_, Random& random_, logging::Logger& logger_,
                          storage::DataFolder data_folder, std::unique_ptr<auth::KeyRing> keys, std::unique_ptr<storage::Database> database)
    : config(settings),
      clock(clock_),
      random(random_),
      logger(logger_),
      folder(std::move(data_folder)),
      key_ring(std::move(keys)),
      db(std::move(database)),
      hashing("hashing", cores(), waiting_hashes),
      disk("disk", disk_threads, waiting_disk_calls),
      shards(shard_count(config), clock),
      meta(load_meta(*db, random, names)),
      cursors(meta.cursor_secret),
      blobs(blob::disk::open(config.blob.url.substr(std::string_view{"file:"}.size()))),
      send_limit(send_rate(config)),
      sign_up_limit(sign_up_rate(config)),
      sign_in_limit(sign_in_rate(config)),
      guard(*key_ring, shards, clock, longest_token_life(config)),
      sessions(*db, *key_ring, clock, random, session_times(config)),
      log(*db),
      files(*db, *blobs, disk, clock, random, file_settings(config), chat::record_files_gone(log, clock)),
      users(*db, profiles, sessions, hashing, rates_on(config) ? &sign_in_limit : nullptr, names, clock, random, account_settings(config),
            [this](storage::Transaction& tx, UserId user, FileId file, std::optional<FileId> before) {
                return files.claim_avatar(tx, user, file, before);
            }),
      chat{*db, log, names, clock, chat_limits(config), meta.fingerprint_secret, meta.epoch},
      messages(chat),
      conversations(chat),
      groups(chat),
      socket_settings(app::socket_settings(config)),
      gateway(shards, *db, report_to(logger), config.limits.sockets_per_user),
      realtime{chat,
               messages,
               conversations,
               sessions,
               guard,
               rates_on(config) ? &send_limit : nullptr,
               gateway.counts(),
               socket_settings,
               [this](net::Shard& shard) -> realtime::Hub& { return gateway.hub_of(shard); },
               [this](net::Shard& shard) -> TaskGroup& { return gateway.tasks_of(shard); },
               gateway.typing(),
               gateway.presence(),
               [this](net::Shard& shard) -> realtime::Watchers& { return gateway.watchers_of(shard); }},
      vitals{[this] { return running && db->healthy() && !server.draining(); }, [this] { return metrics(); }},
      users_routes{users, cursors, config.limits.page_items},
      files_routes{files, cursors, config.limits.page_items},
      chat_routes{messages, conversations, groups, cursors, config.limits.page_items, gateway.change_watches()},
      origin_sockets(shards, gateway, realtime, groups),
      origin_routes{users, sessions, guard, groups, messages, origin, origin_sockets},
      server(shards, router, server_limits(config), disk, logger),
      worker(shards[0], *db, clock, logger) {
    gateway.use(realtime, origin, config.server.allowed_origins);
    db->add_listener(guard);
    db->add_listener(profiles);
    db->add_listener(gateway.publisher());
    add_routes();
    add_jobs();
}

Application::Parts::~Parts() { stop(); }

void Application::Parts::add_routes() {
    router.add(probe_routes(vitals));
    router.add(admin::control_routes(users));
    router.add(users::routes(users_routes));
    router.add(auth::routes(sessions));
    router.add(chat::conversation_routes(chat_routes));
    router.add(chat::group_routes(chat_routes));
    router.add(chat::message_routes(chat_routes));
    router.add(files::routes(files_routes));
    router.add(gateway.routes());
    origin::add_routes(router, origin_routes);
    // Last: it describes all the others.
    documentation = std::make_unique<pages::Documentation>(describe_http(router), describe_socket());
    router.add(documentation->routes());
}

void Application::Parts::add_stages(http::TrustedProxies proxies) {
    server.add_stage(std::make_unique<http::RequestIds>(random));
    server.add_stage(std::make_unique<http::ClientAddress>(std::move(proxies)));
    server.add_stage(std::make_unique<http::AccessLog>(logger));
    server.add_stage(std::make_unique<http::HostCheck>(origin));
    if (!config.server.allowed_origins.empty()) server.add_stage(std::make_unique<http::Cors>(config.server.allowed_origins));
    const auto check_control = [this](std::string_view token) -> Result<void> {
        CHECK(auth::verify_token(*key_ring, token, clock.now(), auth::TokenKind::control));
        return {};
    };
    server.add_stage(std::make_unique<http::Authentication>([this](net::Shard& shard, std::string_view token) { return guard.check(shard, token); },
                                                            check_control));
    server.add_stage(std::make_unique<http::RateLimit>(http::RateLimits{&send_limit, &sign_up_limit, rates_on(config)}));
}

void Application::Parts::add_jobs() {
    using jobs::Left;
    worker.every("files.expire", config.files.expiry_interval, [this](const std::string&) { return files.expire(); });
    worker.every("files.abandon", std::chrono::hours{1},
                 [this](const std::string&) { return files.abandon_unfinished(clock.now() - config.files.upload_ttl); });
    worker.every("auth.purge", std::chrono::minutes{10}, [this](const std::string&) -> Task<Result<Left>> {
        CO_TRY(const bool more, co_await sessions.purge());
        co_return more ? Left::more : Left::nothing;
    });
    worker.every("auth.rotate_keys", std::chrono::hours{1}, [this](const std::string&) -> Task<Result<Left>> {
        co_return co_await disk.run([this]() -> Result<Left> {
            key_ring->rotate_if_due();
            return Left::nothing;
        });
    });
    worker.handle(std::string{files::collect_job}, [this](const std::string&) { return files.collect(); });
    worker.handle(std::string{chat::Conversations::erase_job},
                  [this](const std::string& id) { return conversations.erase(ConversationId{std::stoll(id)}); });
}

Result<void> Application::Parts::listen() {
    TRY(auto proxies, http::TrustedProxies::parse(config.server.trusted_proxies));
    TRY(public_address, server.listen(config.server.listen, http::Listening::public_only));
    TRY(internal_address, server.listen(config.server.internal_listen, http::Listening::internal_only));
    TRY(origin, http::PublicOrigin::make(config.server.public_url, public_address));
    add_stages(std::move(proxies));
    return {};
}

void Application::Parts::run() {
    guard.load(*db);
    // What the last server was receiving when it ended, nobody will finish, and what it was doing, nobody does. The lock on the folder says that
    // there is no other.
    const auto abandoned = db->write_now([this](storage::Transaction& tx) -> Result<void> {
        jobs::release_leases(tx);
        while (files::abandon_unfinished(tx, clock.now()) > 0) files::enqueue_collect(tx, clock.now());
        return {};
    });
    if (!abandoned) logger.warning("abandoned uploads stay", {{"error", abandoned.error().detail()}});
    for (auto& shard : shards) {
        shard->on_held([this](const net::Held& held) {
            ++shard_holds;
            logger.warning("a shard was held", {{"shard", held.shard}, {"millis", held.took.count()}, {"by", held.what}});
        });
    }
    shards.start();
    running = true;
    server.start();
    worker.start();
}

std::string Application::Parts::metrics() const {
    return prometheus_text({.http = server.counters(),
                            .storage = db->statistics(),
                            .jobs = worker.counters(),
                            .sockets_open = gateway.counts().total(),
                            .events_unplaced = log.unplaced(),
                            .shard_overflows = gateway.publisher().overflows(),
                            .log_lines_dropped = logger.dropped(),
                            .delivery_bytes_waiting = gateway.publisher().waiting_bytes(),
                            .shard_holds = shard_holds,
                            .routes = router});
}

/// Looks every few milliseconds: only a stop waits like this.
bool Application::Parts::wait_until(const std::function<bool()>& done, std::chrono::milliseconds longest) {
    const auto end = clock.steady() + longest;
    while (!done()) {
        if (clock.steady() >= end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
}

void Application::Parts::stop() {
    if (!std::exchange(running, false)) {
        db->stop();
        return;
    }
    constexpr std::chrono::seconds grace{5};
    server.begin_drain();
    worker.request_stop();
    gateway.send_everybody_away(random, config.server.drain);
    const bool drained = wait_until([this] { return server.open_connections() <= server.internal_connections() && gateway.counts().total() == 0; },
                                    config.server.drain);
    if (!drained)
        logger.warning("connections are cut, the drain took too long",
                       {{"connections", server.open_connections()}, {"sockets", gateway.counts().total()}});
    server.close_all();
    gateway.close_all();
    wait_until([this] { return worker.idle() && server.open_connections() == 0 && gateway.counts().total() == 0; }, grace);
    // From here on writes are refused; what waits for the database is answered by it, and every task ends.
    db->stop();
    wait_until([this] { return server.tasks_running() == 0 && gateway.tasks_running() == 0 && worker.idle(); }, grace);
    shards.stop();
}

}  // namespace parley::app
