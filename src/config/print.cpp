// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"
#include "config/value.hpp"

#include <fmt/format.h>

namespace parley::config {
namespace {

/// postgres://ann:secret@host/db → postgres://ann:***@host/db
std::string masked(const std::string& url) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) return url;
    const auto authority_end = std::min(url.find('/', scheme + 3), url.size());
    const auto at = url.rfind('@', authority_end);
    const auto colon = url.find(':', scheme + 3);
    if (at == std::string::npos || at < scheme || colon == std::string::npos || colon > at) return url;
    return url.substr(0, colon + 1) + "***" + url.substr(at);
}

template <class Value>
std::string shown(const Value& value, Secrecy secrecy) {
    if constexpr (std::is_same_v<Value, std::string>) {
        if (secrecy == Secrecy::may_hold_password) return format_value(masked(value));
    }
    return format_value(value);
}

/// Writes every setting of `config` by `line(key, name, field, value)`, with a heading where a section begins.
template <class Line>
std::string by_section(const Config& config, Line&& line) {
    std::string text, current;
    for_each_setting(config, [&](std::string_view section, const auto& field, const auto& value) {
        if (section != current) {
            text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", section);
            current = section;
        }
        text += line(fmt::format("{}.{}", section, field.name), field, value);
    });
    return text;
}

}  // namespace

std::string print(const Loaded& loaded) {
    return by_section(loaded.config, [&](const std::string& key, const auto& field, const auto& value) {
        const auto found = loaded.origin.find(key);
        return fmt::format("# {} ({})\n{} = {}\n", field.sentence, found == loaded.origin.end() ? "default" : found->second, field.name,
                           shown(value, field.secrecy));
    });
}

std::map<std::string, std::string> values_of(const Config& config) {
    std::map<std::string, std::string> values;
    for_each_setting(config, [&](std::string_view section, const auto& field, const auto& value) {
        values.emplace(fmt::format("{}.{}", section, field.name), format_value(value));
    });
    return values;
}

std::string sample_file() {
    return "# Parley's settings with their defaults. Made by `make generate`; take the # away to change one.\n"
           "# Each is also an environment variable (server.listen: PARLEY_SERVER_LISTEN) and a flag (--server.listen).\n\n" +
           by_section(Config{}, [](const std::string&, const auto& field, const auto& value) {
               return fmt::format("# {}\n#{} = {}\n", field.sentence, field.name, format_value(value));
           });
}

std::string reference_table() {
    std::string text =
        "# Settings\n\nMade by `make generate` from `src/config/config.hpp`. A flag (`--server.listen`) comes before the environment, the "
        "environment before\n"
        "`parley.toml` (`--config FILE`, else `./parley.toml`, else `/etc/parley/parley.toml`), the file before the default.\n"
        "Also read: `DATABASE_URL`, `REDIS_URL`, `NATS_URL`, `PORT`; and `<variable>_FILE` for a value that stands in a file.\n\n"
        "| key | environment | default | meaning |\n|---|---|---|---|\n";
    const Config defaults;
    for_each_setting(defaults, [&](std::string_view section, const auto& field, const auto& value) {
        text += fmt::format("| `{}.{}` | `{}` | `{}` | {} |\n", section, field.name, environment_name(section, field.name), format_value(value),
                            field.sentence);
    });
    return text;
}

}  // namespace parley::config
