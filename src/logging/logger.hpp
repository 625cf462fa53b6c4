// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "core/clock.hpp"

#include <atomic>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace parley::logging {

/// A named value of a log line. Never a secret, never a body: ids, counts, codes.
struct LogField {
    using Value = std::variant<std::string_view, std::int64_t, double, bool>;

    LogField(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
    LogField(std::string_view field_name, const char* text) : name(field_name), value(std::string_view{text}) {}
    LogField(std::string_view field_name, const std::string& text) : name(field_name), value(std::string_view{text}) {}
    template <class T>
        requires(std::integral<T> && !std::same_as<T, bool>)
    LogField(std::string_view field_name, T number) : name(field_name),
                                                      value(static_cast<std::int64_t>(number)) {}
    LogField(std::string_view field_name, double number) : name(field_name), value(number) {}
    LogField(std::string_view field_name, std::same_as<bool> auto flag) : name(field_name), value(flag) {}

    std::string_view name;
    Value value;
};

/// Lines on standard error, as text or JSON, written by a thread of its own: nobody waits for a slow terminal. When the queue is full, lines are
/// dropped and counted. Control characters in values are escaped, so that nobody forges a line.
class Logger {
public:
    Logger(const config::Log& settings, const Clock& clock);
    /// Writes to `out`, which outlives it, and to nothing else: for tests.
    Logger(const config::Log& settings, const Clock& clock, std::ostream& out);
    ~Logger();
    Logger(const Logger&) = delete;
    Logger& operator=(const Logger&) = delete;

    using Fields = std::initializer_list<LogField>;
    void debug(std::string_view message, Fields fields = {}) { write(config::LogLevel::debug, message, fields); }
    void info(std::string_view message, Fields fields = {}) { write(config::LogLevel::info, message, fields); }
    void warning(std::string_view message, Fields fields = {}) { write(config::LogLevel::warning, message, fields); }
    void error(std::string_view message, Fields fields = {}) { write(config::LogLevel::error, message, fields); }

    bool enabled(config::LogLevel level) const noexcept { return level >= level_.load(std::memory_order_relaxed); }
    /// From any thread.
    void set_level(config::LogLevel level) noexcept { level_ = level; }
    std::uint64_t dropped() const;
    void flush();

private:
    struct Sink;
    Logger(const config::Log& settings, const Clock& clock, std::unique_ptr<Sink> sink);
    void write(config::LogLevel level, std::string_view message, Fields fields);

    std::atomic<config::LogLevel> level_;
    const bool json_;
    const Clock& clock_;
    std::unique_ptr<Sink> sink_;
};

/// One line without its end, for tests.
std::string format_text(Timestamp at, config::LogLevel level, std::string_view message, Logger::Fields fields);
std::string format_json(Timestamp at, config::LogLevel level, std::string_view message, Logger::Fields fields);

}  // namespace parley::logging
