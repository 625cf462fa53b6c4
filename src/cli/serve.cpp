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

}  // namespace

int serve(const config::Loaded& loaded) {
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
        logger.info("nothing here can be read again while running; restart to change settings");
    }
    (*application)->stop();
    return done;
}

}  // namespace parley::cli
