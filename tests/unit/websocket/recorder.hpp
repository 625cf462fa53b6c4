// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "websocket/decoder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::websocket::testing {

/// A thing a decoder handed on.
struct Event {
    Opcode kind;
    std::string payload;                // the reason, of a close frame
    std::optional<std::uint16_t> code;  // of a close frame

    friend bool operator==(const Event&, const Event&) = default;
};

/// Writes down what a decoder hands on, and closes the socket after `close_after` messages.
class Recorder final : public Sink {
public:
    explicit Recorder(std::size_t close_after = SIZE_MAX) : close_after_(close_after) {}

    bool on_text(std::string_view message) override { return record(Opcode::text, message); }
    bool on_binary(std::string_view message) override { return record(Opcode::binary, message); }
    bool on_ping(std::string_view payload) override { return record(Opcode::ping, payload); }
    bool on_pong(std::string_view payload) override { return record(Opcode::pong, payload); }
    void on_close(std::optional<std::uint16_t> code, std::string_view reason) override {
        events.push_back({.kind = Opcode::close, .payload = std::string{reason}, .code = code});
    }

    std::vector<Event> events;
    std::string_view last_view;  // where the last payload stood; only to be compared

private:
    bool record(Opcode kind, std::string_view payload) {
        events.push_back({.kind = kind, .payload = std::string{payload}, .code = {}});
        last_view = payload;
        return events.size() < close_after_;
    }

    std::size_t close_after_;
};

/// All that a stream of bytes led to.
struct Outcome {
    std::vector<Event> events;
    std::expected<Fed, Failure> end = Fed::all;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Feeds `stream` to a fresh decoder in pieces; `next_size` says how long each is.
inline Outcome decode_in_pieces(std::string stream, Limits limits, const std::function<std::size_t()>& next_size, std::size_t close_after = SIZE_MAX,
                                bool deflate = false) {
    Decoder decoder{limits};
    if (deflate) decoder.use_deflate();
    Recorder recorder{close_after};
    Outcome outcome;
    for (std::span<char> rest{stream}; !rest.empty() && outcome.end == Fed::all;) {
        const auto size = std::min(next_size(), rest.size());
        outcome.end = decoder.feed(rest.first(size), recorder);
        rest = rest.subspan(size);
    }
    outcome.events = std::move(recorder.events);
    return outcome;
}

inline Outcome decode_at_once(const std::string& stream, Limits limits, std::size_t close_after = SIZE_MAX, bool deflate = false) {
    return decode_in_pieces(stream, limits, [] { return SIZE_MAX; }, close_after, deflate);
}

}  // namespace parley::websocket::testing
