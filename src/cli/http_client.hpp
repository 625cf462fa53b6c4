// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace parley::cli {

namespace errors {
inline constexpr ErrorKind no_server{"cli.no_server", ErrorClass::unavailable, "No server answers."};
}

struct Response {
    int status = 0;
    std::string body;
};

/// One request to the internal listener of the server that uses a data folder, which its listen.json tells; waits at most 10 s.
/// Error: no_server, with a sentence that says what was tried.
Result<Response> ask_server(const std::filesystem::path& data_dir, std::string_view method, std::string_view path, std::string_view token = {},
                            std::string_view json = {});

}  // namespace parley::cli
