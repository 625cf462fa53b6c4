// SPDX-License-Identifier: Apache-2.0
#include "realtime/event_record.hpp"

#include <fmt/format.h>
#include <charconv>

namespace parley::realtime {
namespace {

std::string record_of(const Delivery& delivery, std::string_view epoch) {
    return event_record(chat::event_name(delivery.kind), event_id(epoch, delivery.log_id), websocket::payload_of(*delivery.frame));
}

}  // namespace

std::string event_id(std::string_view epoch, std::int64_t log_id) { return fmt::format("{}.{}", epoch, log_id); }

std::optional<std::int64_t> read_event_id(std::string_view epoch, std::string_view id) {
    if (!id.starts_with(epoch) || id.size() < epoch.size() + 2 || id[epoch.size()] != '.') return std::nullopt;
    const auto digits = id.substr(epoch.size() + 1);
    std::int64_t log_id = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), log_id);
    if (code != std::errc{} || end != digits.data() + digits.size() || log_id < 0) return std::nullopt;
    return log_id;
}

std::string event_record(std::string_view name, std::string_view id, std::string_view data) {
    std::string text;
    text.reserve(name.size() + id.size() + data.size() + 32);
    text.append("event: ").append(name).append("\n");
    if (!id.empty()) text.append("id: ").append(id).append("\n");
    for (;;) {
        const auto end = data.find_first_of("\r\n");
        text.append("data: ").append(data.substr(0, end)).append("\n");
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    text += '\n';
    return text;
}

std::string retry_record(std::chrono::milliseconds wait) { return fmt::format("retry: {}\n\n", wait.count()); }

websocket::FramePtr chunk_of(std::string_view text) { return websocket::prepare_bytes(fmt::format("{:x}\r\n{}\r\n", text.size(), text)); }

websocket::FramePtr last_chunk() { return websocket::prepare_bytes("0\r\n\r\n"); }

std::string_view text_of(const websocket::PreparedFrame& chunk) noexcept {
    auto text = chunk.bytes();
    text.remove_prefix(text.find('\n') + 1);
    text.remove_suffix(2);
    return text;
}

const websocket::FramePtr& EventRecords::of(const Delivery& delivery, std::string_view epoch) {
    if (delivery.frame != frame_) {
        frame_ = delivery.frame;
        chunk_ = chunk_of(record_of(delivery, epoch));
    }
    return chunk_;
}

const websocket::FramePtr& EventRecords::of(std::span<const Delivery> run, std::string_view epoch) {
    if (run.front().run.frames != frame_) {
        frame_ = run.front().run.frames;
        std::string text;
        for (const auto& delivery : run) text += record_of(delivery, epoch);
        chunk_ = chunk_of(text);
    }
    return chunk_;
}

const websocket::FramePtr& EventRecords::of(const Signal& signal) {
    if (signal.frame != frame_) {
        frame_ = signal.frame;
        chunk_ = chunk_of(event_record("signal", {}, websocket::payload_of(*frame_)));
    }
    return chunk_;
}

}  // namespace parley::realtime
