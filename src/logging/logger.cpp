// SPDX-License-Identifier: Apache-2.0
#include "logging/logger.hpp"

#include "core/json/fields.hpp"
#include "core/json/writer.hpp"
#include "core/utf8.hpp"

#include <fmt/format.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>
#include <algorithm>

namespace parley::logging {
namespace {

constexpr std::size_t queue_lines = 8192;

bool on_a_terminal() { return ::isatty(STDERR_FILENO) == 1; }

/// Whether a text can stand as it is: no blanks, quotes or controls, and valid UTF-8.
bool is_plain(std::string_view text) {
    return !text.empty() && is_utf8(text) &&
           std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\\' || c == '=' || c == 0x7F; });
}

/// Quoted and escaped; what is no UTF-8 becomes question marks, so that the line stays readable by every tool.
void append_quoted(std::string& out, std::string_view text) {
    if (is_utf8(text)) return json::append_string(out, text);
    std::string ascii{text};
    std::ranges::replace_if(ascii, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    json::append_string(out, ascii);
}

void append_value(std::string& out, const LogField::Value& value, bool always_quoted) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        if (always_quoted || !is_plain(*text)) append_quoted(out, *text);
        else out += *text;
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        json::append_integer(out, *number);
    } else if (const auto* real = std::get_if<double>(&value)) {
        out += fmt::format("{:.3f}", *real);
    } else {
        out += std::get<bool>(value) ? "true" : "false";
    }
}

}  // namespace

struct Logger::Sink {
    explicit Sink(spdlog::sink_ptr to)
        : logger(std::make_shared<spdlog::async_logger>("parley", std::move(to), pool, spdlog::async_overflow_policy::overrun_oldest)) {}

    std::shared_ptr<spdlog::details::thread_pool> pool = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1);
    std::shared_ptr<spdlog::async_logger> logger;
};

Logger::Logger(const config::Log& settings, const Clock& clock)
    : Logger(settings, clock, std::make_unique<Sink>(std::make_shared<spdlog::sinks::stderr_sink_mt>())) {}

Logger::Logger(const config::Log& settings, const Clock& clock, std::ostream& out)
    : Logger(settings, clock, std::make_unique<Sink>(std::make_shared<spdlog::sinks::ostream_sink_mt>(out))) {}

Logger::Logger(const config::Log& settings, const Clock& clock, std::unique_ptr<Sink> sink)
    : level_(settings.level),
      json_(settings.format == config::LogFormat::json || (settings.format == config::LogFormat::automatic && !on_a_terminal())),
      clock_(clock),
      sink_(std::move(sink)) {
    sink_->logger->set_pattern("%v");
    sink_->logger->set_level(spdlog::level::trace);
    sink_->logger->flush_on(spdlog::level::trace);
}

Logger::~Logger() = default;

void Logger::write(config::LogLevel level, std::string_view message, Fields fields) {
    if (!enabled(level)) return;
    sink_->logger->log(spdlog::level::info,
                       json_ ? format_json(clock_.now(), level, message, fields) : format_text(clock_.now(), level, message, fields));
}

std::uint64_t Logger::dropped() const { return sink_->pool->overrun_counter(); }
void Logger::flush() { sink_->logger->flush(); }

std::string format_text(Timestamp at, config::LogLevel level, std::string_view message, Logger::Fields fields) {
    auto line = fmt::format("{} {:<7} ", format_rfc3339(at), json::name_of(level));
    if (is_utf8(message) && std::ranges::none_of(message, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; })) line += message;
    else append_quoted(line, message);
    for (const auto& field : fields) {
        line += fmt::format(" {}=", field.name);
        append_value(line, field.value, false);
    }
    return line;
}

std::string format_json(Timestamp at, config::LogLevel level, std::string_view message, Logger::Fields fields) {
    auto line = fmt::format(R"({{"time":"{}","level":"{}","message":)", format_rfc3339(at), json::name_of(level));
    append_quoted(line, message);
    for (const auto& field : fields) {
        line += fmt::format(",\"{}\":", field.name);
        append_value(line, field.value, true);
    }
    line += '}';
    return line;
}

}  // namespace parley::logging
