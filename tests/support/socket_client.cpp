// SPDX-License-Identifier: Apache-2.0
#include "support/socket_client.hpp"

#include <stdexcept>

namespace parley::testing {
namespace {

using websocket::Opcode;

std::uint8_t byte_at(const std::string& bytes, std::size_t index) { return static_cast<std::uint8_t>(bytes[index]); }

Fields upgrade_fields(const SocketClient::Options& options) {
    Fields fields{
        {"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}, {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    if (!options.subprotocol.empty()) fields.emplace_back("Sec-WebSocket-Protocol", options.subprotocol);
    fields.insert(fields.end(), options.fields.begin(), options.fields.end());
    return fields;
}

SocketClient::Closed read_close(const std::string& payload) {
    if (payload.size() < 2) return {1005, {}};
    return {static_cast<std::uint16_t>((byte_at(payload, 0) << 8U) | byte_at(payload, 1)), payload.substr(2)};
}

std::uint64_t read_length(Connection& connection, std::uint8_t short_length) {
    if (short_length < 126) return short_length;
    const auto bytes = connection.read_exactly(short_length == 126 ? 2 : 8);
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) length = (length << 8U) | byte_at(bytes, i);
    return length;
}

}  // namespace

SocketClient::SocketClient(const std::string& address, Options options)
    : connection_(address, {.receive_buffer_bytes = options.receive_buffer_bytes}),
      options_(std::move(options)) {
    connection_.send(request_head("GET", options_.target, address, upgrade_fields(options_), 0));
    handshake_ = read_head(connection_);
    if (handshake_.status != 101 && handshake_.has_field("content-length"))
        handshake_.body = connection_.read_exactly(std::stoull(handshake_.field("content-length")));
}

SocketClient SocketClient::with_token(const std::string& address, const std::string& token) {
    return SocketClient{address, Options{.fields = {{"Authorization", "Bearer " + token}}}};
}

void SocketClient::send_frame(Opcode opcode, std::string_view payload, bool fin) {
    std::string bytes;
    websocket::append_masked_frame(bytes, opcode, payload, 0x37FA213DU, fin);
    connection_.send(bytes);
}

void SocketClient::send_close(std::uint16_t code, std::string_view reason) {
    std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
    send_frame(Opcode::close, payload.append(reason));
}

std::optional<SocketClient::Frame> SocketClient::next_frame(std::chrono::milliseconds limit) {
    if (!connection_.readable(limit)) return std::nullopt;
    const auto head = connection_.read_exactly(2);
    if ((byte_at(head, 1) & 0x80U) != 0) throw std::runtime_error("the server masked a frame");
    const auto length = read_length(connection_, byte_at(head, 1));
    Frame frame{static_cast<Opcode>(byte_at(head, 0) & 0x0FU), (byte_at(head, 0) & 0x80U) != 0, connection_.read_exactly(length)};
    if (frame.opcode == Opcode::ping && options_.answers_pings) send_frame(Opcode::pong, frame.payload);
    if (frame.opcode == Opcode::close) closed_ = read_close(frame.payload);
    return frame;
}

Json SocketClient::next(std::chrono::milliseconds limit) {
    const auto end = moment() + limit;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - moment());
        const auto frame = left.count() > 0 ? next_frame(left) : std::nullopt;
        if (!frame) throw std::runtime_error("no frame came in time");
        if (frame->opcode == Opcode::close)
            throw std::runtime_error("the socket was closed: " + std::to_string(closed_->code) + ' ' + closed_->reason);
        if (frame->opcode == Opcode::text) return Json::parse(frame->payload);
    }
}

Json SocketClient::wait_for(const std::function<bool(const Json&)>& wanted, std::chrono::milliseconds limit) {
    const auto end = moment() + limit;
    for (;;) {
        auto frame = next(std::chrono::duration_cast<std::chrono::milliseconds>(end - moment()));
        if (wanted(frame)) return frame;
    }
}

Json SocketClient::wait_for_type(std::string_view type, std::chrono::milliseconds limit) {
    return wait_for([&](const Json& frame) { return frame["type"] == type; }, limit);
}

Json SocketClient::wait_for_event(std::string_view event, std::chrono::milliseconds limit) {
    return wait_for([&](const Json& frame) { return frame["type"] == "event" && frame["event"] == event; }, limit);
}

Json SocketClient::wait_for_answer(std::int64_t id, std::chrono::milliseconds limit) {
    return wait_for([&](const Json& frame) { return frame["id"] == id && frame["type"] != "event"; }, limit);
}

Json SocketClient::ask(const boost::json::value& frame) {
    send(frame);
    return wait_for_answer(frame.at("id").as_int64());
}

SocketClient::Closed SocketClient::wait_for_close(std::chrono::milliseconds limit) {
    const auto end = moment() + limit;
    while (!closed_) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - moment());
        if (left.count() <= 0) throw std::runtime_error("the socket was not closed in time");
        if (connection_.readable(left) && connection_.ended()) return {};
        next_frame(left);
    }
    // Said back, as RFC 6455 section 5.5.1 asks; the server may be gone already.
    if (!connection_.ended()) send_frame(Opcode::close, {});
    return *closed_;
}

bool SocketClient::stays_quiet(std::chrono::milliseconds limit) {
    const auto end = moment() + limit;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - moment());
        if (left.count() <= 0) return true;
        const auto frame = next_frame(left);
        if (frame && frame->opcode == Opcode::text) return false;
    }
}

}  // namespace parley::testing
