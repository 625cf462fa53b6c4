// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/load.hpp"

#include <cstddef>
#include <functional>
#include <string>

/// The subcommands. Each returns the exit code; what went wrong is said on standard error.
namespace parley::cli {

/// Reads the configuration again, from where it was read before.
using Reload = std::function<Result<config::Loaded>()>;
int serve(const config::Loaded& loaded, const Reload& reload);
int migrate(const config::Loaded& loaded);
int healthcheck(const config::Loaded& loaded);
int print_config(const config::Loaded& loaded);
/// `what`: settings, errors or sample; for `make generate`.
int print_reference(const std::string& what);

/// The OpenAPI document of the server these settings make, and the AsyncAPI document of its socket, as people read JSON.
int print_openapi(const config::Loaded& loaded);
int print_asyncapi();

struct BackupOptions {
    std::string folder;
    std::size_t keep = 0;  // backups that stay; 0: all
};
int make_backup(const config::Loaded& loaded, const BackupOptions& options);
int restore_backup(const config::Loaded& loaded, const BackupOptions& options);
int check_data(const config::Loaded& loaded, bool repairs);

struct NewUser {
    std::string name;
    std::string email;
    bool is_admin = false;
    bool password_from_stdin = false;
};
int create_user(const config::Loaded& loaded, const NewUser& user);

}  // namespace parley::cli
