// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "core/clock.hpp"
#include "core/random.hpp"
#include "core/result.hpp"
#include "http/router.hpp"
#include "logging/logger.hpp"
#include "storage/data_folder.hpp"

#include <memory>
#include <string>

namespace parley::app {

/// A whole server: everything is built here, in order, and goes in the opposite order. `clock`, `random` and `logger` outlive it.
class Application {
public:
    /// Takes the data folder, opens the database, and listens. Ready to be used when it returns.
    /// Errors: folder_in_use, folder_unusable, keys_unusable, those of migrations and of listening, and of settings that cannot be used.
    static Result<std::unique_ptr<Application>> start(const config::Config& config, const Clock& clock, Random& random, logging::Logger& logger);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// The addresses with their real ports.
    const std::string& public_address() const noexcept;
    const std::string& internal_address() const noexcept;

    /// Stops without losing anything: takes no more requests, sends the sockets away with a hint when to come back, answers what it is at, and writes
    /// everything down. Takes at most `server.drain` and some seconds.
    void stop();

    const http::Router& router() const noexcept;

private:
    struct Parts;
    friend Result<std::string> describe_http(const config::Config& config);  // builds the parts without a start
    explicit Application(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace parley::app
