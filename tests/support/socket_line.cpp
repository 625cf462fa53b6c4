// SPDX-License-Identifier: Apache-2.0
#include "support/socket_line.hpp"

#include "websocket/frame.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace parley::testing {
namespace {

using websocket::Opcode;

constexpr std::uint32_t mask = 0x37FA213DU;

std::uint64_t number_in(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = (number << 8U) | static_cast<std::uint8_t>(byte);
    return number;
}

int begin_to_connect(const std::string& address) {
    const auto colon = address.rfind(':');
    sockaddr_in target{};
    target.sin_family = AF_INET;
    target.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
    ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &target.sin_addr);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket >= 0 && (::connect(socket, reinterpret_cast<const sockaddr*>(&target), sizeof target) == 0 || errno == EINPROGRESS)) return socket;
    const int code = errno;
    if (socket >= 0) ::close(socket);
    throw std::system_error(code, std::generic_category(), "connect to " + address);
}

bool would_wait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOTCONN; }

}  // namespace

SocketLine::SocketLine(const std::string& address, const Fields& fields) : socket_(begin_to_connect(address)) {
    Fields all{
        {"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}, {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    all.insert(all.end(), fields.begin(), fields.end());
    outgoing_ = request_head("GET", "/api/v1/realtime", address, all, 0);
}

SocketLine::SocketLine(SocketLine&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      outgoing_(std::move(other.outgoing_)),
      incoming_(std::move(other.incoming_)),
      farewell_(std::move(other.farewell_)),
      taken_(other.taken_),
      upgraded_(other.upgraded_) {}

SocketLine& SocketLine::operator=(SocketLine&& other) noexcept {
    std::swap(socket_, other.socket_);
    outgoing_ = std::move(other.outgoing_);
    incoming_ = std::move(other.incoming_);
    farewell_ = std::move(other.farewell_);
    taken_ = other.taken_;
    upgraded_ = other.upgraded_;
    return *this;
}

SocketLine::~SocketLine() {
    if (socket_ >= 0) ::close(socket_);
}

short SocketLine::events() const noexcept { return static_cast<short>(outgoing_.empty() ? POLLIN : POLLIN | POLLOUT); }

bool SocketLine::exchange() { return send_waiting() && take_incoming() && (upgraded_ || read_answer()); }

bool SocketLine::send_waiting() {
    if (outgoing_.empty()) return true;
    const auto sent = ::send(socket_, outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) outgoing_.erase(0, static_cast<std::size_t>(sent));
    return sent >= 0 || would_wait();
}

bool SocketLine::take_incoming() {
    std::array<char, 64 * 1024> piece;
    const auto got = ::recv(socket_, piece.data(), piece.size(), MSG_DONTWAIT);
    if (got > 0) incoming_.append(piece.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && would_wait());
}

bool SocketLine::read_answer() {
    const auto end = incoming_.find("\r\n\r\n");
    if (end == std::string::npos) return true;
    upgraded_ = incoming_.starts_with("HTTP/1.1 101 ");
    if (!upgraded_) farewell_ = incoming_.substr(0, incoming_.find('\r'));
    incoming_.erase(0, end + 4);
    return upgraded_;
}

void SocketLine::send_text(std::string_view text) { websocket::append_masked_frame(outgoing_, Opcode::text, text, mask); }

std::optional<std::pair<int, std::string>> SocketLine::next_frame() {
    const auto rest = std::string_view{incoming_}.substr(taken_);
    if (!upgraded_ || rest.size() < 2) return std::nullopt;
    const auto short_length = static_cast<std::uint8_t>(rest[1]);
    const std::size_t head = short_length < 126 ? 2 : short_length == 126 ? 4 : 10;
    if (rest.size() < head) return std::nullopt;
    const auto length = short_length < 126 ? short_length : number_in(rest.substr(2, head - 2));
    if (rest.size() - head < length) return std::nullopt;
    std::pair frame{rest[0] & 0x0F, std::string{rest.substr(head, length)}};
    taken_ += head + length;
    return frame;
}

std::optional<std::string> SocketLine::next_text() {
    while (auto frame = next_frame()) {
        auto& [opcode, payload] = *frame;
        if (static_cast<Opcode>(opcode) == Opcode::text) return std::move(payload);
        if (static_cast<Opcode>(opcode) == Opcode::ping) websocket::append_masked_frame(outgoing_, Opcode::pong, payload, mask);
        if (static_cast<Opcode>(opcode) == Opcode::close && payload.size() >= 2)
            farewell_ = std::to_string(number_in(payload.substr(0, 2))) + ' ' + payload.substr(2);
    }
    incoming_.erase(0, std::exchange(taken_, 0));
    return std::nullopt;
}

}  // namespace parley::testing
