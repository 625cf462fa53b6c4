// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/api_test.hpp"
#include "support/connection.hpp"

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace parley::testing {

/// `GET /api/v1/realtime/sse`, read record by record.
class EventStreamClient {
public:
    struct Record {
        std::string event, id, data, retry;
        bool comment = false;
    };

    EventStreamClient(const std::string& address, const std::string& token, const std::string& last_event_id = {}, std::string_view version = "1.1",
                      Connection::Options options = {})
        : connection_(address, options),
          chunked_(version == "1.1") {
        const auto resumed = last_event_id.empty() ? std::string{} : "Last-Event-ID: " + last_event_id + "\r\n";
        connection_.send("GET /api/v1/realtime/sse HTTP/" + std::string{version} + "\r\nHost: " + address + "\r\nAuthorization: Bearer " + token +
                         "\r\n" + resumed + "\r\n");
        head_ = connection_.read_through("\r\n\r\n");
    }

    const std::string& head() const noexcept { return head_; }
    int status() const { return std::atoi(head_.c_str() + head_.find(' ')); }
    std::string body() { return connection_.read_to_end(); }

    /// The next record; nothing at the end of the stream.
    std::optional<Record> next(std::chrono::milliseconds limit = patience) {
        while (text_.find("\n\n") == std::string::npos) {
            if (ended_) return std::nullopt;
            read_more(limit);
        }
        const auto end = text_.find("\n\n");
        const auto record = parse(text_.substr(0, end + 1));
        text_.erase(0, end + 2);
        return record;
    }
    /// The next record that tells an event or a signal; remembers its id.
    std::optional<Record> next_told() {
        for (;;) {
            auto record = next();
            if (!record || !record->event.empty()) return record;
        }
    }
    Record expect(std::string_view event) {
        for (;;) {
            auto record = next_told();
            if (!record) throw std::runtime_error{"the stream ended before " + std::string{event}};
            if (record->event == event) return *std::move(record);
        }
    }
    Connection& connection() noexcept { return connection_; }

private:
    void read_more(std::chrono::milliseconds limit) {
        if (!chunked_) {
            const auto some = connection_.read_some(limit);
            if (!some) throw std::runtime_error{"nothing comes"};
            ended_ = some->empty();
            text_ += *some;
            return;
        }
        const auto size = std::strtoull(connection_.read_through("\r\n", limit).c_str(), nullptr, 16);
        text_ += connection_.read_exactly(size, limit);
        connection_.read_exactly(2, limit);
        ended_ = size == 0;
    }
    static Record parse(const std::string& text) {
        Record record;
        for (std::size_t at = 0; at < text.size();) {
            const auto end = text.find('\n', at);
            const auto line = text.substr(at, end - at);
            at = end + 1;
            const auto value = line.substr(std::min(line.size(), line.find(':') + 2));
            if (line.starts_with(":")) record.comment = true;
            if (line.starts_with("event:")) record.event = value;
            if (line.starts_with("id:")) record.id = value;
            if (line.starts_with("data:")) record.data += value;
            if (line.starts_with("retry:")) record.retry = value;
        }
        return record;
    }

    Connection connection_;
    const bool chunked_;
    std::string head_, text_;
    bool ended_ = false;
};

}  // namespace parley::testing
