// SPDX-License-Identifier: Apache-2.0
#include "interop/oracle.hpp"

#include "support/fakes.hpp"

#include <fmt/format.h>
#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace parley::interop {

std::string run_program(const std::string& command) {
    FILE* const pipe = ::popen(command.c_str(), "re");
    if (pipe == nullptr) throw std::runtime_error("cannot run: " + command);
    std::string output;
    std::array<char, 1 << 16> piece;
    while (const auto size = std::fread(piece.data(), 1, piece.size(), pipe)) output.append(piece.data(), size);
    if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command + '\n' + output);
    return output;
}

std::string ask(std::string_view interpreter, std::string_view script, std::string_view input, std::string_view argument) {
    const testing::TemporaryFolder folder;
    const auto file = folder.path() / "input";
    std::ofstream{file, std::ios::binary} << input;
    return run_program(fmt::format("{} '{}/{}' {} < '{}'", interpreter, PARLEY_INTEROP_FOLDER, script, argument, file.string()));
}

json::Value ask_json(json::Document& document, std::string_view interpreter, std::string_view script, std::string_view input,
                     std::string_view argument) {
    if (!document.parse(ask(interpreter, script, input, argument))) throw std::runtime_error(fmt::format("{} printed no JSON", script));
    return document.root();
}

}  // namespace parley::interop
