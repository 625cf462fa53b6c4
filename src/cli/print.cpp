// SPDX-License-Identifier: Apache-2.0
#include "app/description.hpp"
#include "app/errors.hpp"
#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "core/json/pretty.hpp"
#include "http/status.hpp"

#include <fmt/format.h>
#include <iostream>

namespace parley::cli {
namespace {

std::string error_table() {
    std::string text =
        "# Errors\n\nMade by `make generate` from the `errors.hpp` of each folder. `code` is stable; the sentence may change.\n\n"
        "| code | status | meaning |\n|---|---|---|\n";
    for (const auto* kind : app::all_errors())
        text += fmt::format("| `{}` | {} | {} |\n", kind->code, http::status_of(kind->error_class), kind->sentence);
    return text;
}

}  // namespace

int print_config(const config::Loaded& loaded) {
    std::cout << config::print(loaded);
    return done;
}

int print_openapi(const config::Loaded& loaded) {
    const auto document = app::describe_http(loaded.config);
    if (!document) {
        std::cerr << "parley: " << document.error().detail() << '\n';
        return failed;
    }
    std::cout << json::pretty(*document);
    return done;
}

int print_asyncapi() {
    std::cout << json::pretty(app::describe_socket());
    return done;
}

int print_reference(const std::string& what) {
    std::cout << (what == "settings" ? config::reference_table() : what == "sample" ? config::sample_file() : error_table());
    return done;
}

}  // namespace parley::cli
