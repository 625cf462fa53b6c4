// SPDX-License-Identifier: Apache-2.0
#include "http_load.hpp"

#include "core/clock.hpp"
#include "report.hpp"
#include "tcp.hpp"

#include <sys/epoll.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <deque>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace parley::bench {
namespace {

struct Asker {
    Connection connection;
    std::string in;
    Moment asked_at;
};

/// The size of the answer at the front of `in`, 0 if it is not there whole.
std::size_t whole_answer(std::string_view in) {
    const auto end = in.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    if (status_in(in) != 200) throw std::runtime_error{"a server answers: " + std::string{in.substr(0, 300)}};
    constexpr std::string_view name = "content-length:";
    const auto head = in.substr(0, end + 2);
    const auto found = std::ranges::search(head, name, [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
    if (found.empty()) throw std::runtime_error{"an answer without a length"};
    const auto* at = &*found.begin() + name.size();
    while (*at == ' ') ++at;
    std::size_t length = 0;
    std::from_chars(at, head.data() + head.size(), length);
    return in.size() >= end + 4 + length ? end + 4 + length : 0;
}

class Run {
public:
    explicit Run(const HttpLoad& load) : load_(load), poll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (std::size_t i = 0; i < load.connections; ++i) {
            auto& asker = askers_.emplace_back(Asker{Connection{load.port}, {}, {}});
            asker.connection.make_nonblocking();
            epoll_event event{.events = EPOLLIN, .data = {.ptr = &asker}};
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, asker.connection.handle(), &event);
        }
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run() { ::close(poll_); }

    HttpFigures run() {
        const auto start = clock_.steady();
        now_ = start;
        for (auto& asker : askers_) ask(asker);
        while (now_ - start < load_.warm_up) turn();
        load_.on_begin();
        measuring_ = true;
        const auto begin = clock_.steady();
        while (now_ - begin < load_.measured) turn();
        figures_.seconds = std::chrono::duration<double>(clock_.steady() - begin).count();
        load_.on_end();
        figures_.answers = std::ssize(took_);
        figures_.p50_ms = quantile(took_, 0.5);
        figures_.p99_ms = quantile(took_, 0.99);
        return figures_;
    }

private:
    void ask(Asker& asker) {
        asker.asked_at = now_;
        asker.connection.send(load_.next_request());  // the socket's buffer is empty: one request always fits
    }

    void turn() {
        std::array<epoll_event, 64> events;
        constexpr int longest_wait_ms = 10'000;
        const auto count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), longest_wait_ms);
        now_ = clock_.steady();
        if (count <= 0) throw std::runtime_error{"a server has stopped answering"};
        for (int i = 0; i < count; ++i) serve(*static_cast<Asker*>(events.at(static_cast<std::size_t>(i)).data.ptr));
    }

    void serve(Asker& asker) {
        if (!asker.connection.receive(asker.in) && errno != EAGAIN) throw std::runtime_error{"a server ended a connection"};
        const auto size = whole_answer(asker.in);
        if (size == 0) return;
        asker.in.erase(0, size);
        if (measuring_) took_.push_back(std::chrono::duration<double, std::milli>(now_ - asker.asked_at).count());
        ask(asker);
    }

    const SystemClock clock_;
    const HttpLoad& load_;
    const int poll_;
    std::deque<Asker> askers_;
    Moment now_;
    bool measuring_ = false;
    std::vector<double> took_;
    HttpFigures figures_;
};

}  // namespace

std::string get_request(std::uint16_t port, std::string_view target, std::string_view headers) {
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\nAccept: application/json\r\n" +
           std::string{headers} + "\r\n";
}

HttpFigures run_http_load(const HttpLoad& load) { return Run{load}.run(); }

}  // namespace parley::bench
