// SPDX-License-Identifier: Apache-2.0
#include "support/tcp_proxy.hpp"

#include "support/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <deque>
#include <system_error>
#include <vector>

namespace parley::testing {
namespace {

constexpr int look_every_ms = 2;
/// What may be on its way in one direction; beyond this the sender has to wait, as in a real network.
constexpr std::size_t most_bytes_under_way = std::size_t{1} << 20;

sockaddr_in on_loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool would_wait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOTCONN; }

void set_no_delay(int socket) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void reset(int socket) {
    const linger none{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

}  // namespace

/// One direction of a connection.
struct TcpProxy::Way {
    struct Piece {
        std::chrono::steady_clock::time_point due;
        std::string bytes;
    };

    int from, to;
    std::deque<Piece> pieces = {};
    std::size_t bytes = 0;
    bool ended = false;
};

struct TcpProxy::Link {
    Link(int client_socket, int server_socket) : client(client_socket), server(server_socket) {}
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    ~Link() {
        ::close(client);
        ::close(server);
    }

    int client, server;
    Way to_server{client, server}, to_client{server, client};
};

TcpProxy::TcpProxy() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    auto address = on_loopback(0);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, plain, size) != 0 || ::listen(listener_, 1024) != 0 || ::getsockname(listener_, plain, &size) != 0)
        throw std::system_error(errno, std::generic_category(), "a proxy cannot listen");
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread{[this] { loop(); }};
}

TcpProxy::~TcpProxy() {
    ended_ = true;
    thread_.join();
    ::close(listener_);
}

void TcpProxy::lead_to(const std::string& address) { target_port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))); }

void TcpProxy::heal() {
    delay_ms_ = 0;
    stopped_to_server_ = false;
    stopped_to_clients_ = false;
}

void TcpProxy::accept_one() {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const auto target = on_loopback(target_port_);
    ::connect(server, reinterpret_cast<const sockaddr*>(&target), sizeof target);  // what becomes of it shows when something is sent
    set_no_delay(client);
    set_no_delay(server);
    links_.emplace_back(client, server);
}

/// False when the connection is broken.
bool TcpProxy::carry(Way& way, bool stopped) {
    if (!way.ended && way.bytes < most_bytes_under_way) {
        std::array<char, 64 * 1024> piece;
        const auto got = ::recv(way.from, piece.data(), piece.size(), MSG_DONTWAIT);
        if (got < 0 && !would_wait()) return false;
        if (got == 0) way.ended = true;
        if (got > 0) {
            way.pieces.push_back({moment() + std::chrono::milliseconds{delay_ms_}, {piece.data(), static_cast<std::size_t>(got)}});
            way.bytes += static_cast<std::size_t>(got);
        }
    }
    while (!stopped && !way.pieces.empty() && way.pieces.front().due <= moment()) {
        auto& bytes = way.pieces.front().bytes;
        const auto sent = ::send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) return would_wait();
        bytes.erase(0, static_cast<std::size_t>(sent));
        way.bytes -= static_cast<std::size_t>(sent);
        if (!bytes.empty()) return true;
        way.pieces.pop_front();
    }
    if (way.ended && way.pieces.empty()) ::shutdown(way.to, SHUT_WR);
    return !(way.ended && way.pieces.empty());  // nobody here half-closes: its end is the end of both ways
}

void TcpProxy::loop() {
    while (!ended_) {
        std::vector<pollfd> entries{{listener_, POLLIN, 0}};
        for (const auto& link : links_) {
            if (!link.to_server.ended && link.to_server.bytes < most_bytes_under_way) entries.push_back({link.client, POLLIN, 0});
            if (!link.to_client.ended && link.to_client.bytes < most_bytes_under_way) entries.push_back({link.server, POLLIN, 0});
        }
        ::poll(entries.data(), entries.size(), look_every_ms);
        accept_one();
        const bool cut = cut_.exchange(false);
        for (auto link = links_.begin(); link != links_.end();) {
            if (cut) {
                reset(link->client);
                reset(link->server);
            }
            const bool stays = !cut && carry(link->to_server, stopped_to_server_) && carry(link->to_client, stopped_to_clients_);
            link = stays ? std::next(link) : links_.erase(link);
        }
    }
}

}  // namespace parley::testing
