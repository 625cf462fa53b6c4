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

int with_config(const CLI::App& app, const Options& options, int (*command)(const config::Loaded&)) {
    const auto loaded = load(app, options);
    if (!loaded) {
        std::cerr << "parley: " << loaded.error().detail() << '\n';
        return configuration_refused;
    }
    return command(*loaded);
}

int dispatch(CLI::App& app, const Options& options) {
    using Command = int (*)(const config::Loaded&);
    for (const auto& [name, command] :
         {std::pair<const char*, Command>{"serve", serve}, {"migrate", migrate}, {"healthcheck", healthcheck}, {"openapi", print_openapi}}) {
        if (app.got_subcommand(name)) return with_config(app, options, command);
    }
    if (app.got_subcommand("config")) return with_config(app, options, print_config);
    if (app.got_subcommand("asyncapi")) return print_asyncapi();
    if (app.got_subcommand("version")) {
        std::cout << "parley " << app::version << '\n';
        return done;
    }
    if (app.got_subcommand("reference")) return print_reference(app.get_subcommand("reference")->get_option("what")->as<std::string>());
    const auto loaded = load(app, options);
    if (!loaded) {
        std::cerr << "parley: " << loaded.error().detail() << '\n';
        return configuration_refused;
    }
    return create_user(*loaded, options.user);
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
