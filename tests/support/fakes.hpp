// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "core/random.hpp"

#include <unistd.h>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <random>
#include <string>

namespace parley::testing {

/// A clock that stands still until a test moves it.
class ManualClock final : public Clock {
public:
    Timestamp now() const override { return from_micros(micros_); }
    Moment steady() const override { return Moment{std::chrono::microseconds{steady_micros_}}; }

    void advance(std::chrono::microseconds by) {
        micros_ += by.count();
        steady_micros_ += by.count();
    }
    /// Lets the calendar jump while the steady time stays.
    void jump(std::chrono::microseconds by) { micros_ += by.count(); }

private:
    std::atomic<std::int64_t> micros_ = 1'795'000'000'000'000;  // November 2026
    std::atomic<std::int64_t> steady_micros_ = 1'000'000'000;
};

/// The same numbers in every run.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed = 1) : engine_(seed) {}
    void fill(std::span<std::byte> out) override {
        const std::scoped_lock lock{mutex_};
        for (auto& byte : out) byte = static_cast<std::byte>(engine_() & 0xFFU);
    }

private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

/// A folder that is gone with everything in it when the test ends.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "parley-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
        path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace parley::testing
