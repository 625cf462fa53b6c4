// SPDX-License-Identifier: Apache-2.0
#include "support/test_server.hpp"

#include "config/load.hpp"

#include <csignal>
#include <iterator>
#include <stdexcept>

namespace parley::testing {
namespace {

/// Far below what the configuration allows: an account costs a test nothing.
constexpr std::uint64_t cheap_hash_bytes = 64 * config::KiB;

config::Config load(const std::filesystem::path& file, const Settings& settings) {
    auto loaded = config::load({.file = file.string(), .environment = {}, .flags = settings});
    if (!loaded) throw std::runtime_error(std::string{loaded.error().detail()});
    loaded->config.auth.password_memory_bytes = cheap_hash_bytes;
    return loaded->config;
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TestServer::TestServer(Settings settings)
    : settings_{{"server.listen", "127.0.0.1:0"},
                {"server.internal_listen", "127.0.0.1:0"},
                {"server.threads", "2"},
                {"server.drain", "1s"},
                {"storage.data_dir", data_folder()},
                {"limits.rate_limits", "off"},
                {"log.format", "json"}} {
    settings_.insert(settings_.end(), settings.begin(), settings.end());
    std::signal(SIGPIPE, SIG_IGN);  // as `parley serve` does
    std::ofstream{folder_.path() / "parley.toml"};
    log_.open(folder_.path() / "log", std::ios::app);
    start();
}

TestServer::~TestServer() { stop(); }

void TestServer::start() {
    const auto config = load(folder_.path() / "parley.toml", settings_);
    logger_ = std::make_unique<logging::Logger>(config.log, clock_, log_);
    auto application = app::Application::start(config, clock_, random_, *logger_);
    if (!application) throw std::runtime_error("the server did not start: " + std::string{application.error().detail()});
    application_ = *std::move(application);
    address_ = application_->public_address();
    internal_address_ = application_->internal_address();
}

void TestServer::stop() {
    if (!application_) return;
    application_->stop();
    application_.reset();
    logger_.reset();
}

void TestServer::restart(const Settings& more) {
    stop();
    settings_.emplace_back("server.listen", address_);
    settings_.emplace_back("server.internal_listen", internal_address_);
    settings_.insert(settings_.end(), more.begin(), more.end());
    start();
}

std::string TestServer::log() const {
    if (logger_) logger_->flush();
    return content_of(folder_.path() / "log");
}

std::string TestServer::file_with(std::string_view text) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator{data_folder()}) {
        if (entry.is_regular_file() && content_of(entry.path()).contains(text)) return entry.path().string();
    }
    return {};
}

}  // namespace parley::testing
