// SPDX-License-Identifier: Apache-2.0
#include "fan_load.hpp"

#include "core/clock.hpp"
#include "report.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace parley::bench {
namespace {

constexpr std::size_t read_bytes = 1024 * 1024;
constexpr int longest_wait_ms = 20'000;

double millis_since(const SystemClock& clock, Moment start) { return std::chrono::duration<double, std::milli>(clock.steady() - start).count(); }

}  // namespace

Audience::Audience(Dialect& dialect, std::uint16_t port, std::size_t members, std::size_t silent)
    : dialect_(dialect),
      poll_(::epoll_create1(EPOLL_CLOEXEC)),
      reading_(members - silent),
      scratch_(read_bytes) {
    for (std::size_t i = 0; i < members; ++i) {
        auto member = std::make_unique<Member>(Member{Connection{port}, {}});
        dialect_.join(member->connection, i, member->rest);
        member->connection.make_nonblocking();
        epoll_event event{.events = EPOLLIN, .data = {.ptr = member.get()}};
        if (i < reading_) ::epoll_ctl(poll_, EPOLL_CTL_ADD, member->connection.handle(), &event);
        members_.push_back(std::move(member));
    }
}

Audience::~Audience() { ::close(poll_); }

Audience::Figures Audience::run(const Load& load) {
    const SystemClock clock;
    Figures figures;
    std::vector<double> took;
    const auto start = clock.steady();
    auto begin = start;
    bool measuring = false;
    for (;;) {
        const auto now = clock.steady();
        if (!measuring && now - start >= load.warm_up) {
            measuring = true;
            begin = now;
            received_bytes_ = 0;
            load.on_begin();
        } else if (measuring && now - begin >= load.measured) {
            break;
        }
        send_some(load);
        receive_all(load.in_flight * reading_);
        if (!measuring) continue;
        took.push_back(millis_since(clock, now));
        figures.messages += static_cast<std::int64_t>(load.in_flight);
    }
    load.on_end();
    figures.seconds = millis_since(clock, begin) / 1000;
    figures.deliveries = figures.messages * static_cast<std::int64_t>(reading_);
    figures.bytes = received_bytes_;
    figures.p50_ms = quantile(took, 0.5);
    figures.p99_ms = quantile(took, 0.99);
    return figures;
}

void Audience::send_some(const Load& load) {
    for (std::size_t i = 0; i < load.in_flight; ++i)
        dialect_.publish(out_, load.text.empty() ? fmt::format("{:0>{}}", ++sent_, load.text_bytes) : fmt::format("{} {}", ++sent_, load.text));
    const auto& connection = members_.front()->connection;
    for (std::string_view rest = out_; !rest.empty();) {
        const auto sent = ::send(connection.handle(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            rest.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        pollfd waiting{.fd = connection.handle(), .events = POLLOUT, .revents = 0};
        if (errno != EAGAIN || ::poll(&waiting, 1, longest_wait_ms) <= 0)
            throw std::system_error{errno, std::generic_category(), "the server does not read"};
    }
    out_.clear();
}

void Audience::receive_all(std::size_t expected) {
    std::array<epoll_event, 1024> events;
    for (std::size_t received = 0; received < expected;) {
        const auto count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), longest_wait_ms);
        if (count <= 0) throw std::runtime_error{fmt::format("{} of {} deliveries did not come", expected - received, expected)};
        for (int i = 0; i < count; ++i) received += receive(*static_cast<Member*>(events.at(static_cast<std::size_t>(i)).data.ptr));
    }
}

std::size_t Audience::receive(Member& member) {
    const auto count = ::recv(member.connection.handle(), scratch_.data(), scratch_.size(), 0);
    if (count < 0 && errno == EAGAIN) return 0;
    if (count <= 0) throw std::runtime_error{"the server ended a connection"};
    received_bytes_ += count;
    std::string_view bytes{scratch_.data(), static_cast<std::size_t>(count)};
    if (!member.rest.empty()) bytes = member.rest.append(bytes);
    std::string answer;
    const auto deliveries = dialect_.take(bytes, answer);
    member.rest = std::string{bytes};
    if (!answer.empty()) member.connection.send(answer);
    return deliveries;
}

}  // namespace parley::bench
