// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/document.hpp"

#include <string>
#include <string_view>

namespace parley::interop {

/// Runs a command of the shell and gives what it printed. Throws, and so fails the test, if it fails or is not installed.
std::string run_program(const std::string& command);

/// Asks a program of other people's: runs `interpreter` on a script of this folder with `input` on its standard input, and gives what it printed.
/// Throws, and so fails the test, if the script fails: an oracle that is not installed is no reason to skip.
std::string ask(std::string_view interpreter, std::string_view script, std::string_view input, std::string_view argument = {});

inline constexpr std::string_view python = "/usr/bin/python3";  // Debian's, which has Debian's Django
inline constexpr std::string_view node = "node";

/// The answer read as JSON; `document` keeps it.
json::Value ask_json(json::Document& document, std::string_view interpreter, std::string_view script, std::string_view input,
                     std::string_view argument = {});

}  // namespace parley::interop
