// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "config/value.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace parley::config {
namespace {

using Origin = std::map<std::string, std::string, std::less<>>;

std::unexpected<Error> refuse(std::string sentence) { return fail(errors::refused, std::move(sentence)); }

/// Sets one setting from text, whoever wrote it.
Result<void> assign(Loaded& loaded, std::string_view key, std::string_view text, const std::string& from) {
    Result<void> outcome = refuse(fmt::format("There is no setting {} ({}).", key, from));
    for_each_setting(loaded.config, [&](std::string_view section, const auto& field, auto& value) {
        if (fmt::format("{}.{}", section, field.name) != key) return;
        using Type = std::remove_cvref_t<decltype(value)>;
        if (parse_value(text, value)) outcome = {};
        else outcome = refuse(fmt::format("{} ({}) is \"{}\", but {} is expected.", key, from, text, expected_form<Type>()));
    });
    if (outcome) loaded.origin.insert_or_assign(std::string{key}, from);
    return outcome;
}

/// A TOML value as the text it would be in the environment; nothing for tables and other things no setting is.
std::optional<std::string> text_of(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
    if (const auto flag = node.value_exact<bool>()) return *flag ? "on" : "off";
    if (!node.is_array()) return std::nullopt;
    std::string list;
    for (const auto& item : *node.as_array()) {
        const auto text = item.value_exact<std::string>();
        if (!text) return std::nullopt;
        list += (list.empty() ? "" : ",") + *text;
    }
    return list;
}

Result<void> read_file(Loaded& loaded, const std::string& path) {
    toml::table table;
    try {
        table = toml::parse_file(path);
    } catch (const toml::parse_error& error) {
        return refuse(fmt::format("{} line {}: {}.", path, error.source().begin.line, error.description()));
    }
    for (const auto& [section, node] : table) {
        if (!node.is_table()) return refuse(fmt::format("{}: there is no setting {}.", path, section.str()));
        for (const auto& [name, value] : *node.as_table()) {
            const auto key = fmt::format("{}.{}", section.str(), name.str());
            const auto text = text_of(value);
            if (!text) return refuse(fmt::format("{}: {} has a value of a kind no setting has.", path, key));
            CHECK(assign(loaded, key, *text, path));
        }
    }
    return {};
}

Result<void> read_first_file(Loaded& loaded, const Sources& sources) {
    if (sources.file) {
        if (!std::filesystem::exists(*sources.file)) return refuse(fmt::format("There is no file {}.", *sources.file));
        return read_file(loaded, *sources.file);
    }
    for (const char* path : {"./parley.toml", "/etc/parley/parley.toml"}) {
        std::error_code ignored;
        if (std::filesystem::exists(path, ignored)) return read_file(loaded, path);
    }
    return {};
}

/// "server.listen" for "SERVER_LISTEN"; nothing if no setting has that name.
std::optional<std::string> key_of(Config& config, std::string_view variable) {
    std::optional<std::string> found;
    for_each_setting(config, [&](std::string_view section, const auto& field, auto&) {
        if (environment_name(section, field.name) == variable) found = fmt::format("{}.{}", section, field.name);
    });
    return found;
}

/// A secret may stand in a file of its own: PARLEY_STORAGE_DATABASE_URL_FILE=/run/secrets/database.
Result<std::string> read_secret(const std::string& variable, const std::string& path) {
    std::ifstream file{path};
    if (!file) return refuse(fmt::format("{}: {} cannot be read.", variable, path));
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

Result<void> read_variable(Loaded& loaded, const std::string& name, const std::string& value) {
    const auto from = "environment " + name;
    if (const auto key = key_of(loaded.config, name)) return assign(loaded, *key, value, from);
    if (name.ends_with("_FILE")) {
        if (const auto key = key_of(loaded.config, name.substr(0, name.size() - 5))) {
            TRY(const auto secret, read_secret(name, value));
            return assign(loaded, *key, secret, from);
        }
    }
    return refuse(fmt::format("There is no setting for the environment variable {}.", name));
}

/// Names that hosting platforms set for everybody.
Result<void> read_conventional_variable(Loaded& loaded, const std::string& name, const std::string& value) {
    const auto from = "environment " + name;
    if (name == "DATABASE_URL") return assign(loaded, "storage.database_url", value, from);
    if (name == "REDIS_URL" || name == "NATS_URL") return assign(loaded, "bus.url", value, from);
    if (name == "PORT") {
        const auto& listen = loaded.config.server.listen;
        return assign(loaded, "server.listen", listen.substr(0, listen.rfind(':') + 1) + value, from);
    }
    return {};
}

Result<void> read_environment(Loaded& loaded, const Sources& sources) {
    for (const auto& [name, value] : sources.environment) {
        if (!name.starts_with("PARLEY_")) CHECK(read_conventional_variable(loaded, name, value));
    }
    for (const auto& [name, value] : sources.environment) {
        if (name.starts_with("PARLEY_")) CHECK(read_variable(loaded, name, value));
    }
    return {};
}

/// Fills in what depends on other settings, and refuses what cannot work.
Result<void> complete(Config& config) {
    auto& storage = config.storage;
    if (storage.data_dir.empty()) return refuse("storage.data_dir is empty.");
    if (storage.database_url.empty()) storage.database_url = "sqlite:" + storage.data_dir + "/parley.db";
    if (config.blob.url.empty()) config.blob.url = "file:" + storage.data_dir + "/blobs";
    if (!storage.database_url.starts_with("sqlite:")) return refuse("storage.database_url: this version knows sqlite: only.");
    if (!config.blob.url.starts_with("file:")) return refuse("blob.url: this version knows file: only.");
    if (config.bus.url != "memory:") return refuse("bus.url: this version knows memory: only.");
    if (config.auth.password_memory_bytes < 19 * MiB || config.auth.password_memory_bytes > 4 * GiB)
        return refuse("auth.password_memory_bytes must be between 19MiB and 4GiB.");
    if (config.limits.page_items < 1 || config.limits.page_items > 1000) return refuse("limits.page_items must be between 1 and 1000.");
    if (config.limits.head_bytes < KiB || config.limits.head_bytes > 64 * KiB) return refuse("limits.head_bytes must be between 1KiB and 64KiB.");
    if (config.limits.frame_bytes < KiB || config.limits.frame_bytes > 16 * MiB) return refuse("limits.frame_bytes must be between 1KiB and 16MiB.");
    if (config.realtime.outbox_bytes < 64 * KiB) return refuse("realtime.outbox_bytes must be at least 64KiB.");
    if (config.server.threads > 1024) return refuse("server.threads must be at most 1024.");
    for (const auto& [name, duration] : {std::pair{"realtime.ping_interval", config.realtime.ping_interval},
                                         {"realtime.pong_timeout", config.realtime.pong_timeout},
                                         {"server.header_timeout", config.server.header_timeout},
                                         {"server.body_timeout", config.server.body_timeout},
                                         {"server.idle_timeout", config.server.idle_timeout},
                                         {"auth.access_token_ttl", config.auth.access_token_ttl},
                                         {"auth.refresh_token_ttl", config.auth.refresh_token_ttl},
                                         {"files.expiry_interval", config.files.expiry_interval}}) {
        if (duration.count() <= 0) return refuse(fmt::format("{} must be longer than nothing.", name));
    }
    return {};
}

}  // namespace

Result<Loaded> load(const Sources& sources) {
    Loaded loaded;
    CHECK(read_first_file(loaded, sources));
    CHECK(read_environment(loaded, sources));
    for (const auto& [key, value] : sources.flags) CHECK(assign(loaded, key, value, "flag"));
    CHECK(complete(loaded.config));
    return loaded;
}

std::string environment_name(std::string_view section, std::string_view field) {
    auto name = fmt::format("PARLEY_{}_{}", section, field);
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return name;
}

std::vector<std::pair<std::string, std::string>> process_environment() {
    std::vector<std::pair<std::string, std::string>> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

}  // namespace parley::config
