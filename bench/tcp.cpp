// SPDX-License-Identifier: Apache-2.0
#include "tcp.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace parley::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int connect_to(std::uint16_t port) {
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    const int on = 1;
    if (handle >= 0) ::setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (handle >= 0 && ::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return handle;
    if (handle >= 0) ::close(handle);
    return -1;
}

}  // namespace

std::uint16_t free_port() {
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    const bool found = handle >= 0 && ::bind(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                       ::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    if (handle >= 0) ::close(handle);
    if (!found) throw std::runtime_error{"no free port"};
    return ntohs(address.sin_port);
}

Connection::Connection(std::uint16_t port) : handle_(connect_to(port)) {
    if (handle_ < 0) throw std::runtime_error{"nobody listens at port " + std::to_string(port)};
}

Connection::Connection(Connection&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
}

Connection::~Connection() {
    if (handle_ >= 0) ::close(handle_);
}

void Connection::make_nonblocking() const { ::fcntl(handle_, F_SETFL, O_NONBLOCK); }

void Connection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw std::runtime_error{"the connection broke off"};
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool Connection::receive(std::string& in) const {
    std::array<char, 65'536> bytes;
    const auto count = ::recv(handle_, bytes.data(), bytes.size(), 0);
    if (count > 0) in.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
}

std::string Connection::receive_until(std::string_view end, std::string& rest) const {
    std::size_t found = 0;
    while ((found = rest.find(end)) == std::string::npos) {
        if (!receive(rest)) throw std::runtime_error{"the server ended the connection: " + rest.substr(0, 200)};
    }
    auto text = rest.substr(0, found + end.size());
    rest.erase(0, text.size());
    return text;
}

bool listens(std::uint16_t port) {
    const int handle = connect_to(port);
    if (handle >= 0) ::close(handle);
    return handle >= 0;
}

int status_in(std::string_view head) {
    constexpr std::string_view version = "HTTP/1.1 ";
    int status = 0;
    if (head.starts_with(version)) std::from_chars(head.data() + version.size(), head.data() + head.size(), status);
    return status;
}

Response get(std::uint16_t port, std::string_view path) try {
    const Connection connection{port};
    connection.send("GET " + std::string{path} + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\nConnection: close\r\n\r\n");
    std::string in;
    while (connection.receive(in)) {
    }
    Response response{status_in(in), {}};
    if (const auto body = in.find("\r\n\r\n"); body != std::string::npos) response.body = in.substr(body + 4);
    return response;
} catch (const std::runtime_error&) {
    return {};
}

}  // namespace parley::bench
