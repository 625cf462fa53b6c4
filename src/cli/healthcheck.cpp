// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/http_client.hpp"

#include <iostream>

namespace parley::cli {

int healthcheck(const config::Loaded& loaded) {
    const auto response = ask_server(loaded.config.storage.data_dir, "GET", "/readyz");
    if (response && response->status == 200) return done;
    std::cerr << "parley: " << (response ? "The server is not ready." : std::string{response.error().detail()}) << '\n';
    return failed;
}

}  // namespace parley::cli
