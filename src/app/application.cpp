// SPDX-License-Identifier: Apache-2.0
#include "app/application.hpp"

#include "app/parts.hpp"
#include "app/settings.hpp"
#include "core/json/write.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/database.hpp"

#include <fmt/format.h>
#include <filesystem>

namespace parley::app {
namespace {

/// Where `parley healthcheck` and `parley user create` find the server.
void write_listen_file(const std::filesystem::path& folder, const std::string& public_address, const std::string& internal_address) {
    storage::write_file_durably(folder / "listen.json", fmt::format("{{\"public\": {}, \"internal\": {}}}\n", json::to_json(public_address),
                                                                    json::to_json(internal_address)));
}

std::string sqlite_path(const config::Config& config) { return config.storage.database_url.substr(std::string_view{"sqlite:"}.size()); }

Result<std::unique_ptr<storage::Database>> open_database(const config::Config& config, const Clock& clock, logging::Logger& logger) {
    const storage::sqlite::Options options{.path = sqlite_path(config),
                                           .readers = std::max<std::size_t>(2, cores()),
                                           .on_trouble = [&logger](std::string_view what) { logger.error("storage", {{"what", what}}); }};
    return storage::sqlite::open(options, embedded::migrations(), clock);
}

void warn_of_open_doors(const config::Config& config, logging::Logger& logger) {
    const auto& listen = config.server.listen;
    const bool loopback = listen.starts_with("127.") || listen.starts_with("localhost:") || listen.starts_with("[::1]");
    if (!loopback && config.server.trusted_proxies.empty()) {
        logger.warning(
            "the public listener is reachable from outside without TLS: put a reverse proxy in front and name it in server.trusted_proxies",
            {{"listen", listen}});
    }
}

}  // namespace

Application::Application(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Application::~Application() = default;

Result<std::unique_ptr<Application>> Application::start(const config::Config& config, const Clock& clock, Random& random, logging::Logger& logger) {
    TRY(auto folder, storage::DataFolder::take(config.storage.data_dir));
    TRY(auto keys, auth::KeyRing::open(folder.path() / "keys", clock, random, {config.auth.key_rotation, longest_token_life(config)}));
    keys->rotate_if_due();
    TRY(auto db, open_database(config, clock, logger));
    auto parts = std::make_unique<Parts>(config, clock, random, logger, std::move(folder), std::move(keys), std::move(db));
    CHECK(parts->listen());
    parts->run();
    write_listen_file(parts->folder.path(), parts->public_address, parts->internal_address);
    warn_of_open_doors(config, logger);
    logger.info("ready", {{"public", parts->public_address},
                          {"internal", parts->internal_address},
                          {"data", parts->folder.path().string()},
                          {"shards", parts->shards.size()}});
    return std::unique_ptr<Application>{new Application{std::move(parts)}};  // NOLINT(cppcoreguidelines-owning-memory): the constructor is private
}

const std::string& Application::public_address() const noexcept { return parts_->public_address; }
const std::string& Application::internal_address() const noexcept { return parts_->internal_address; }
const http::Router& Application::router() const noexcept { return parts_->router; }

void Application::stop() {
    parts_->logger.info("stopping");
    parts_->stop();
    std::error_code ignored;
    std::filesystem::remove(parts_->folder.path() / "listen.json", ignored);
    parts_->logger.info("stopped");
}

}  // namespace parley::app
