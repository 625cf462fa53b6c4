// SPDX-License-Identifier: Apache-2.0
#include "interop/origin_oracle.hpp"

#include "interop/oracle.hpp"
#include "support/connection.hpp"

#include <fmt/format.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace parley::interop {

void OriginOracle::Close::operator()(std::FILE* pipe) const noexcept { ::pclose(pipe); }

OriginOracle::OriginOracle() {
    const auto command = fmt::format("{} '{}/origin_oracle/project.py' '{}'", python, PARLEY_INTEROP_FOLDER, folder_.path().string());
    process_.reset(::popen(command.c_str(), "we"));
    const auto file = folder_.path() / "address";
    const bool started = process_ && testing::eventually([&] { return std::filesystem::exists(file); });
    if (!started) throw std::runtime_error("does not start: " + command);
    std::ifstream{file} >> address_;
}

}  // namespace parley::interop
