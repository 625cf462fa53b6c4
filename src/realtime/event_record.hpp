// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "realtime/delivery.hpp"
#include "websocket/prepared_frame.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Records of `text/event-stream` (WHATWG HTML section 9.2.5), each in a chunk of its own (RFC 9112 section 7.1), so that every stream of a shard
/// sends the same bytes.
namespace parley::realtime {

/// A client's position in all its conversations at once: the epoch, and the log id of the last event it got. Commits, log ids and deliveries have one
/// order.
std::string event_id(std::string_view epoch, std::int64_t log_id);
/// The log id inside; nothing for what is none of ours, or of another epoch.
std::optional<std::int64_t> read_event_id(std::string_view epoch, std::string_view id);

/// The text of a record. Without an `id` the client's position stays. `name` and `id` are one line each; a line end in `data` begins another line of
/// it.
std::string event_record(std::string_view name, std::string_view id, std::string_view data);
/// Tells the client how long to wait before it comes back, from now on.
std::string retry_record(std::chrono::milliseconds wait);
/// A line that clients pass over.
inline constexpr std::string_view comment_record = ":\n\n";

/// `text`, which is not empty, as a chunk.
websocket::FramePtr chunk_of(std::string_view text);
/// What ends a chunked answer.
websocket::FramePtr last_chunk();
/// The text inside a chunk; empty for the last one.
std::string_view text_of(const websocket::PreparedFrame& chunk) noexcept;

/// A shard's deliveries and signals as chunks, each written once however many streams get it: the hub hands one to all before the next.
class EventRecords {
public:
    const websocket::FramePtr& of(const Delivery& delivery, std::string_view epoch);
    /// A run (delivery.hpp) as one chunk.
    const websocket::FramePtr& of(std::span<const Delivery> run, std::string_view epoch);
    const websocket::FramePtr& of(const Signal& signal);

private:
    websocket::FramePtr frame_, chunk_;  // the last one asked for, as sockets get it and as streams do
};

}  // namespace parley::realtime
