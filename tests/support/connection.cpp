// SPDX-License-Identifier: Apache-2.0
#include "support/connection.hpp"

#include "core/clock.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace parley::testing {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

sockaddr_in to_socket_address(const std::string& address) {
    const auto colon = address.rfind(':');
    sockaddr_in result{};
    result.sin_family = AF_INET;
    if (colon == std::string::npos || ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &result.sin_addr) != 1)
        throw std::runtime_error("not an IPv4 address with a port: " + address);
    result.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
    return result;
}

bool wait_for(int socket, short events, std::chrono::milliseconds limit) {
    pollfd entry{socket, events, 0};
    int ready = 0;
    do ready = ::poll(&entry, 1, static_cast<int>(limit.count()));
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

}  // namespace

Connection::Connection(const std::string& address) : Connection(address, Options{}) {}

Connection::Connection(const std::string& address, Options options) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (socket_ < 0) fail("socket");
    if (options.receive_buffer_bytes > 0)
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &options.receive_buffer_bytes, sizeof options.receive_buffer_bytes);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto target = to_socket_address(address);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&target), sizeof target) != 0) {
        const int code = errno;
        close();
        throw std::system_error(code, std::generic_category(), "connect to " + address);
    }
}

Connection::Connection(Connection&& other) noexcept : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
    if (this == &other) return *this;
    close();
    socket_ = std::exchange(other.socket_, -1);
    buffer_ = std::move(other.buffer_);
    return *this;
}

Connection::~Connection() { close(); }

void Connection::close() noexcept {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    buffer_.clear();
}

void Connection::reset() noexcept {
    const linger none{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close();
}

void Connection::finish_sending() { ::shutdown(socket_, SHUT_WR); }

bool Connection::ended() const {
    if (socket_ < 0) return true;
    if (!buffer_.empty()) return false;
    char byte = 0;
    const auto got = ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool Connection::readable(std::chrono::milliseconds limit) const { return !buffer_.empty() || wait_for(socket_, POLLIN, limit); }

void Connection::send(std::string_view bytes, std::chrono::milliseconds limit) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait_for(socket_, POLLOUT, limit)) throw std::runtime_error("the server took nothing in time");
        } else if (errno != EINTR) {
            fail("send");
        }
    }
}

/// False at the end of the stream; a reset is one too. Throws when nothing comes in time.
bool Connection::fill(std::chrono::milliseconds limit) {
    if (!wait_for(socket_, POLLIN, limit)) throw std::runtime_error("the server said nothing in time; so far: " + buffer_.substr(0, 200));
    std::array<char, 64 * 1024> piece;
    const auto got = ::recv(socket_, piece.data(), piece.size(), 0);
    if (got <= 0) return false;
    buffer_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
}

std::string Connection::read_through(std::string_view end, std::chrono::milliseconds limit) {
    std::size_t found = 0;
    while ((found = buffer_.find(end)) == std::string::npos) {
        if (!fill(limit)) throw std::runtime_error("the connection ended early; so far: " + buffer_.substr(0, 200));
    }
    auto text = buffer_.substr(0, found + end.size());
    buffer_.erase(0, found + end.size());
    return text;
}

std::string Connection::read_exactly(std::size_t bytes, std::chrono::milliseconds limit) {
    while (buffer_.size() < bytes) {
        if (!fill(limit)) throw std::runtime_error("the connection ended early; so far: " + buffer_.substr(0, 200));
    }
    auto text = buffer_.substr(0, bytes);
    buffer_.erase(0, bytes);
    return text;
}

std::string Connection::read_to_end(std::chrono::milliseconds limit) {
    while (fill(limit)) {
    }
    return std::exchange(buffer_, {});
}

std::optional<std::string> Connection::read_some(std::chrono::milliseconds limit) {
    if (buffer_.empty()) {
        if (!wait_for(socket_, POLLIN, limit)) return std::nullopt;
        fill(limit);
    }
    return std::exchange(buffer_, {});
}

void pause_before_looking_again() { ::poll(nullptr, 0, 5); }
std::chrono::steady_clock::time_point moment() { return SystemClock{}.steady(); }

}  // namespace parley::testing
