// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace parley::bench {

/// A folder of its own inside `parent`, gone with this object.
class TemporaryFolder {
public:
    explicit TemporaryFolder(const std::filesystem::path& parent) {
        std::filesystem::create_directories(parent);
        auto name = (parent / "parley-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make a folder in " + parent.string()};
        path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace parley::bench
