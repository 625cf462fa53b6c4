// SPDX-License-Identifier: Apache-2.0
#include "bare_fanout.hpp"

#include "frames.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

namespace parley::bench {
namespace {

struct Client {
    int handle = -1;
    bool upgraded = false, writable_awaited = false;
    std::string in, out;
};

class BareFanout {
public:
    explicit BareFanout(std::uint16_t port) : poll_(::epoll_create1(0)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        ::listen(listener_, SOMAXCONN);
        epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, listener_, &event);
    }

    [[noreturn]] void serve() {
        std::array<epoll_event, 256> events;
        for (;;) {
            const auto count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i) {
                const auto& event = events.at(static_cast<std::size_t>(i));
                event.data.ptr == nullptr ? accept() : serve(*static_cast<Client*>(event.data.ptr), event.events);
            }
            fan_out();
        }
    }

private:
    void accept() {
        int handle = -1;
        while ((handle = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0) {
            const int on = 1;
            ::setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            clients_.push_back(std::make_unique<Client>(Client{.handle = handle, .in = {}, .out = {}}));
            epoll_event event{.events = EPOLLIN, .data = {.ptr = clients_.back().get()}};
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, handle, &event);
        }
    }

    void serve(Client& client, std::uint32_t events) {
        if ((events & EPOLLOUT) != 0) write(client);
        if ((events & EPOLLIN) == 0) return;
        const auto count = ::recv(client.handle, scratch_.data(), scratch_.size(), 0);
        if (count == 0 || (count < 0 && errno != EAGAIN)) {
            ::epoll_ctl(poll_, EPOLL_CTL_DEL, client.handle, nullptr);
            return;
        }
        if (count > 0) client.in.append(scratch_.data(), static_cast<std::size_t>(count));
        client.upgraded ? take_frames(client) : upgrade(client);
    }

    static void upgrade(Client& client) {
        if (client.in.find("\r\n\r\n") == std::string::npos) return;
        client.in.clear();
        client.upgraded = true;
        constexpr std::string_view answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        ::send(client.handle, answer.data(), answer.size(), MSG_NOSIGNAL);
    }

    void take_frames(Client& client) {
        std::string_view bytes = client.in;
        while (take_client_frame(bytes, payload_)) add_server_frame(batch_, Opcode::text, payload_);
        client.in.erase(0, client.in.size() - bytes.size());
    }

    void fan_out() {
        if (batch_.empty()) return;
        for (auto& client : clients_) {
            client->out += batch_;
            if (!client->writable_awaited) write(*client);
        }
        batch_.clear();
    }

    void write(Client& client) {
        const auto sent = ::send(client.handle, client.out.data(), client.out.size(), MSG_NOSIGNAL);
        if (sent > 0) client.out.erase(0, static_cast<std::size_t>(sent));
        const bool wanted = !client.out.empty() && (sent >= 0 || errno == EAGAIN);
        if (wanted == client.writable_awaited) return;
        client.writable_awaited = wanted;
        epoll_event event{.events = wanted ? EPOLLIN | EPOLLOUT : EPOLLIN, .data = {.ptr = &client}};
        ::epoll_ctl(poll_, EPOLL_CTL_MOD, client.handle, &event);
    }

    int poll_, listener_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::array<char, 65'536> scratch_;
    std::string payload_, batch_;
};

}  // namespace

void serve_bare_fanout(std::uint16_t port) { std::make_unique<BareFanout>(port)->serve(); }

}  // namespace parley::bench
