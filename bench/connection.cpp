// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace parley::bench {
namespace {

constexpr unsigned text_frame = 0x1, close_frame = 0x8, ping_frame = 0x9, pong_frame = 0xA;

int connect_to(std::uint16_t port) {
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (handle >= 0 && ::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return handle;
    if (handle >= 0) ::close(handle);
    return -1;
}

bool send_all(int handle, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(handle, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// Adds what one recv(2) gives; false at the end of the stream.
bool receive_some(int handle, std::string& in) {
    char bytes[65'536];
    const auto count = ::recv(handle, bytes, sizeof bytes, 0);
    if (count > 0) in.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
}

int status_in(std::string_view head) {
    constexpr std::string_view version = "HTTP/1.1 ";
    int status = 0;
    if (head.starts_with(version)) std::from_chars(head.data() + version.size(), head.data() + head.size(), status);
    return status;
}

std::size_t big_endian(std::string_view bytes) {
    std::size_t value = 0;
    for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
}

}  // namespace

Response get(std::uint16_t port, std::string_view path) {
    Response response;
    const int handle = connect_to(port);
    if (handle < 0) return response;
    std::string in;
    if (send_all(handle, "GET " + std::string{path} + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\nConnection: close\r\n\r\n")) {
        while (receive_some(handle, in)) {
        }
    }
    ::close(handle);
    response.status = status_in(in);
    const auto body = in.find("\r\n\r\n");
    if (body != std::string::npos) response.body = in.substr(body + 4);
    return response;
}

SocketClient::SocketClient(std::uint16_t port, std::string_view access_token) : handle_(connect_to(port)) {
    if (handle_ < 0) throw std::runtime_error{"the server does not listen"};
    upgrade(port, access_token);
    std::string_view text;
    while (!next_frame(text)) {  // it may have come with the handshake
        if (!receive_some(handle_, in_)) throw std::runtime_error{"the server does not say hello"};
    }
    if (!text.starts_with(R"({"type":"hello")")) throw std::runtime_error{"the server says: " + std::string{text}};
    forget_taken();
    const int on = 1;
    ::setsockopt(handle_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(handle_, F_SETFL, O_NONBLOCK);
}

SocketClient::SocketClient(SocketClient&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)),
      out_(std::move(other.out_)),
      sent_(other.sent_),
      in_(std::move(other.in_)),
      taken_(other.taken_) {}

SocketClient::~SocketClient() {
    if (handle_ >= 0) ::close(handle_);
}

void SocketClient::upgrade(std::uint16_t port, std::string_view access_token) {
    std::string request = "GET /api/v1/realtime HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port);
    request += "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    request += "\r\nSec-WebSocket-Protocol: parley.v1\r\nAuthorization: Bearer " + std::string{access_token} + "\r\n\r\n";
    if (!send_all(handle_, request)) throw std::runtime_error{"the connection broke off"};
    while (in_.find("\r\n\r\n") == std::string::npos) {
        if (!receive_some(handle_, in_)) throw std::runtime_error{"the server ended the handshake"};
    }
    if (status_in(in_) != 101) throw std::runtime_error{"no upgrade: " + in_.substr(0, in_.find('\r'))};
    in_.erase(0, in_.find("\r\n\r\n") + 4);
}

void SocketClient::queue(std::string_view text) { queue_frame(text_frame, text); }

/// RFC 6455 section 5.2, masked as a client's has to be.
void SocketClient::queue_frame(unsigned opcode, std::string_view payload) {
    constexpr std::uint32_t mask = 0x37FA213D;
    out_ += static_cast<char>(0x80U | opcode);
    if (payload.size() < 126) {
        out_ += static_cast<char>(0x80U | payload.size());
    } else {
        out_ += static_cast<char>(0x80U | 126U);
        out_ += static_cast<char>(payload.size() >> 8U);
        out_ += static_cast<char>(payload.size());
    }
    const auto head = out_.size();
    out_.append(reinterpret_cast<const char*>(&mask), sizeof mask);
    out_ += payload;
    auto* at = out_.data() + head + sizeof mask;
    std::uint32_t word = 0;
    auto left = payload.size();
    for (; left >= sizeof word; left -= sizeof word, at += sizeof word) {
        std::memcpy(&word, at, sizeof word);
        word ^= mask;
        std::memcpy(at, &word, sizeof word);
    }
    for (std::size_t i = 0; i < left; ++i) at[i] = static_cast<char>(at[i] ^ reinterpret_cast<const char*>(&mask)[i]);
}

bool SocketClient::flush() {
    while (sent_ < out_.size()) {
        const auto count = ::send(handle_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) return false;
        if (count <= 0) throw std::runtime_error{"the server ended a socket"};
        sent_ += static_cast<std::size_t>(count);
    }
    out_.clear();
    sent_ = 0;
    return true;
}

void SocketClient::receive() {
    if (receive_some(handle_, in_) || errno == EAGAIN) return;
    throw std::runtime_error{"the server ended a socket"};
}

/// The next frame whole in the buffer; `text` is empty for a control frame. A server's frames are not masked, and ours come unfragmented.
bool SocketClient::next_frame(std::string_view& text) {
    const auto rest = std::string_view{in_}.substr(taken_);
    if (rest.size() < 2) return false;
    const auto opcode = static_cast<unsigned char>(rest[0]) & 0x0FU;
    std::size_t head = 2, size = static_cast<unsigned char>(rest[1]);
    if (size >= 126) {
        const std::size_t length_bytes = size == 126 ? 2 : 8;
        head += length_bytes;
        if (rest.size() < head) return false;
        size = big_endian(rest.substr(2, length_bytes));
    }
    if (rest.size() < head + size) return false;
    taken_ += head + size;
    const auto payload = rest.substr(head, size);
    text = opcode == text_frame ? payload : std::string_view{};
    if (opcode == ping_frame) queue_frame(pong_frame, payload);
    if (opcode == close_frame) throw std::runtime_error{"the server closed a socket: " + std::string{payload.substr(std::min<std::size_t>(2, size))}};
    return true;
}

void SocketClient::forget_taken() {
    in_.erase(0, taken_);
    taken_ = 0;
}

}  // namespace parley::bench
