// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <sys/socket.h>
#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace parley::bench {

SocketClient::SocketClient(std::uint16_t port, std::string_view access_token) : connection_(port) {
    const auto headers = "Sec-WebSocket-Protocol: parley.v1\r\nAuthorization: Bearer " + std::string{access_token} + "\r\n";
    connection_.send(upgrade_request(port, "/api/v1/realtime", headers));
    const auto head = connection_.receive_until("\r\n\r\n", in_);
    if (status_in(head) != 101) throw std::runtime_error{"no upgrade: " + head.substr(0, head.find('\r'))};
    std::string_view rest = in_, text;
    while (!next_frame(rest, text)) {  // it may have come with the handshake
        if (!connection_.receive(in_)) throw std::runtime_error{"the server does not say hello"};
        rest = in_;
    }
    if (!text.starts_with(R"({"type":"hello")")) throw std::runtime_error{"the server says: " + std::string{text}};
    in_.erase(0, in_.size() - rest.size());
    connection_.make_nonblocking();
}

bool SocketClient::flush() {
    while (sent_ < out_.size()) {
        const auto count = ::send(handle(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) return false;
        if (count <= 0) throw std::runtime_error{"the server ended a socket"};
        sent_ += static_cast<std::size_t>(count);
    }
    out_.clear();
    sent_ = 0;
    return true;
}

void SocketClient::receive() {
    if (connection_.receive(in_) || errno == EAGAIN) return;
    throw std::runtime_error{"the server ended a socket"};
}

/// `text` is empty for a control frame.
bool SocketClient::next_frame(std::string_view& rest, std::string_view& text) {
    const auto frame = take_server_frame(rest);
    if (!frame) return false;
    text = frame->opcode == Opcode::text ? frame->payload : std::string_view{};
    if (frame->opcode == Opcode::ping) add_client_frame(out_, Opcode::pong, frame->payload);
    if (frame->opcode == Opcode::close)
        throw std::runtime_error{"the server closed a socket: " +
                                 std::string{frame->payload.substr(std::min<std::size_t>(2, frame->payload.size()))}};
    return true;
}

}  // namespace parley::bench
