// SPDX-License-Identifier: Apache-2.0
#include "app/application.hpp"
#include "cli/command_line.hpp"
#include "cli/commands.hpp"

#include <pthread.h>
#include <csignal>
#include <iostream>

namespace parley::cli {
namespace {

int exit_code_of(const Error& error) { return error.is(storage::errors::folder_in_use) ? folder_in_use : failed; }

/// Signals that end the server are taken by this thread only; every thread started later inherits the mask.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // a closed connection is an error of the call that writes
    return signals;
}

/// What can change while the server runs does: the log's level. Of the rest the log says that it waits for a restart.
void take_over(const config::Config& running, const Result<config::Loaded>& read, logging::Logger& logger) {
    if (!read) return logger.error("the configuration is refused, nothing changes", {{"why", read.error().detail()}});
    const auto before = config::values_of(running), now = config::values_of(read->config);
    for (const auto& [name, value] : now) {
        if (before.at(name) != value && name != "log.level") logger.warning("this setting changes with a restart", {{"setting", name}});
    }
    logger.set_level(read->config.log.level);
    logger.info("the configuration was read again");
}

}  // namespace

int serve(const config::Loaded& loaded, const Reload& reload) {
    const auto signals = block_signals();
    const SystemClock clock;
    SystemRandom random;
    logging::Logger logger{loaded.config.log, clock};
    auto application = app::Application::start(loaded.config, clock, random, logger);
    if (!application) {
        logger.flush();
        std::cerr << "parley: " << application.error().detail() << '\n';
        return exit_code_of(application.error());
    }
    for (;;) {
        int signal = 0;
        sigwait(&signals, &signal);
        if (signal != SIGHUP) break;
        take_over(loaded.config, reload(), logger);
    }
    (*application)->stop();
    return done;
}

}  // namespace parley::cli
