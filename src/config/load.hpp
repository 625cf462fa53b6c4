// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "core/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::config {

namespace errors {
inline constexpr ErrorKind refused{"config.refused", ErrorClass::unprocessable, "The configuration is refused."};
}

/// What a start reads its settings from. Flags come before environment, environment before file, file before default.
struct Sources {
    std::optional<std::string> file;                               // --config; without it ./parley.toml, then /etc/parley/parley.toml, if there
    std::vector<std::pair<std::string, std::string>> environment;  // all of it; only PARLEY_* and the names of docs/reference/settings.md matter
    std::vector<std::pair<std::string, std::string>> flags;        // "server.listen" and its value
};

struct Loaded {
    Config config;
    std::map<std::string, std::string, std::less<>>
        origin;  // "server.listen" → "flag", "environment PARLEY_SERVER_LISTEN", "parley.toml"; absent: default
};

/// Reads, checks and completes the configuration. Error: refused, with a sentence that names the setting, where it came from, and what is expected.
Result<Loaded> load(const Sources& sources);

/// The configuration as TOML that can be read back, each value with its sentence and where it came from; passwords in URLs are masked.
std::string print(const Loaded& loaded);

/// Every setting by its name, "log.level", and its value as it is written in the file.
std::map<std::string, std::string> values_of(const Config& config);

/// All settings with defaults and sentences, as a sample file in which everything is commented out, and as a Markdown table.
std::string sample_file();
std::string reference_table();

/// The environment of this process.
std::vector<std::pair<std::string, std::string>> process_environment();

/// "PARLEY_SERVER_LISTEN" for server.listen.
std::string environment_name(std::string_view section, std::string_view field);

}  // namespace parley::config
