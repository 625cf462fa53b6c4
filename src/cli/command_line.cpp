// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include "app/version.hpp"
#include "cli/commands.hpp"
#include "config/load.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <list>

namespace parley::cli {
namespace {

/// What the options of all subcommands are read into.
struct Options {
    std::string file;
    std::list<std::pair<std::string, std::string>> settings;  // "server.listen" and what its flag said; a list, because CLI11 keeps references
    NewUser user;
    BackupOptions backup;
    bool repairs = false;
};

/// Every setting is a flag: --server.listen and so on.
void add_settings(CLI::App& app, Options& options) {
    app.add_option("--config", options.file, "The configuration file; else ./parley.toml, else /etc/parley/parley.toml");
    const config::Config defaults;
    config::for_each_setting(defaults, [&](std::string_view section, const auto& field, const auto&) {
        auto& setting = options.settings.emplace_back(fmt::format("{}.{}", section, field.name), "");
        app.add_option("--" + setting.first, setting.second, std::string{field.sentence})->group("Settings");
    });
}

Result<config::Loaded> load(const CLI::App& app, const Options& options) {
    config::Sources sources;
    if (!options.file.empty()) sources.file = options.file;
    sources.environment = config::process_environment();
    for (const auto& [name, value] : options.settings) {
        if (app.count("--" + name) > 0) sources.flags.emplace_back(name, value);
    }
    return config::load(sources);
}

template <class Command>
int with_config(const CLI::App& app, const Options& options, Command&& command) {
    const auto loaded = load(app, options);
    if (!loaded) {
        std::cerr << "parley: " << loaded.error().detail() << '\n';
        return configuration_refused;
    }
    return command(*loaded);
}

int dispatch(CLI::App& app, const Options& options) {
    if (app.got_subcommand("serve")) {
        return with_config(app, options, [&](const config::Loaded& loaded) { return serve(loaded, [&] { return load(app, options); }); });
    }
    using Command = int (*)(const config::Loaded&);
    for (const auto& [name, command] :
         {std::pair<const char*, Command>{"migrate", migrate}, {"healthcheck", healthcheck}, {"openapi", print_openapi}}) {
        if (app.got_subcommand(name)) return with_config(app, options, command);
    }
    if (app.got_subcommand("config")) return with_config(app, options, print_config);
    if (app.got_subcommand("asyncapi")) return print_asyncapi();
    if (app.got_subcommand("version")) {
        std::cout << "parley " << app::version << '\n';
        return done;
    }
    if (app.got_subcommand("reference")) return print_reference(app.get_subcommand("reference")->get_option("what")->as<std::string>());
    return with_config(app, options, [&](const config::Loaded& loaded) {
        if (app.got_subcommand("backup")) return make_backup(loaded, options.backup);
        if (app.got_subcommand("restore")) return restore_backup(loaded, options.backup);
        if (app.got_subcommand("check")) return check_data(loaded, options.repairs);
        return create_user(loaded, options.user);
    });
}

void add_subcommands(CLI::App& app, Options& options) {
    app.add_subcommand("serve", "Run the server in the foreground")->fallthrough();
    app.add_subcommand("migrate", "Bring the database's schema up to date and end")->fallthrough();
    app.add_subcommand("healthcheck", "Ask the running server whether it is ready")->fallthrough();
    app.add_subcommand("openapi", "Print the OpenAPI document of the HTTP API")->fallthrough();
    app.add_subcommand("asyncapi", "Print the AsyncAPI document of the socket");
    app.add_subcommand("version", "Print the version");
    auto* config = app.add_subcommand("config", "About the configuration")->fallthrough();
    config->require_subcommand(1);
    config->add_subcommand("print", "Print every setting, its value, and where that came from, as TOML")->fallthrough();
    auto* reference = app.add_subcommand("reference", "Print generated documentation: settings, errors or sample");
    reference->add_option("what", "settings, errors or sample")->required()->check(CLI::IsMember({"settings", "errors", "sample"}));
    auto* backup = app.add_subcommand("backup", "Copy everything to a folder of backups, with the server stopped or running")->fallthrough();
    backup->add_option("to", options.backup.folder, "The folder; what earlier backups there hold is not copied again")->required();
    backup->add_option("--keep", options.backup.keep, "How many backups stay in it; left out: all")->check(CLI::Range(1, 1'000'000));
    auto* restore = app.add_subcommand("restore", "Fill an empty data folder from a backup")->fallthrough();
    restore->add_option("from", options.backup.folder, "The folder of backups, for the newest, or one of its snapshots")->required();
    auto* check = app.add_subcommand("check", "Look at everything the data folder holds; ends with 1 if something is wrong")->fallthrough();
    check->add_flag("--repair", options.repairs, "Repair what can be, with the server stopped");
    auto* user = app.add_subcommand("user", "About users")->fallthrough();
    user->require_subcommand(1);
    auto* create = user->add_subcommand("create", "Make a user, with the server stopped or running, and print the id")->fallthrough();
    create->add_option("name", options.user.name, "The username")->required();
    create->add_flag("--admin", options.user.is_admin, "The user administers the server");
    create->add_option("--email", options.user.email, "The e-mail address");
    create->add_flag("--password-stdin", options.user.password_from_stdin, "Read the password, one line, from standard input")->required();
}

}  // namespace

int run(int argc, char** argv) {
    ::umask(S_IRWXG | S_IRWXO);  // what is written holds other people's words, and hashes of their passwords
    CLI::App app{"Parley: real-time messaging and file sharing"};
    app.name("parley");
    app.require_subcommand(1);
    Options options;
    add_settings(app, options);
    add_subcommands(app, options);
    try {
        app.parse(argc, argv);
        return dispatch(app, options);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? done : wrong_usage;
    } catch (const std::exception& error) {
        std::cerr << "parley: " << error.what() << '\n';
        return failed;
    }
}

}  // namespace parley::cli
