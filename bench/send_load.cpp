// SPDX-License-Identifier: Apache-2.0
#include "send_load.hpp"

#include "connection.hpp"
#include "core/clock.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <stdexcept>
#include <string>

namespace parley::bench {
namespace {

/// One client: what it says, and what it waits for. Answers come in the order of the frames, so the oldest send is the one that is answered.
class Sender {
public:
    Sender(const Person& person, std::uint16_t port, std::uint64_t seed)
        : socket(port, person.access_token),
          groups_(person.groups),
          ids_(seed),
          next_(seed) {}

    void send_one(std::int64_t unix_ms, Moment now) {
        const auto group = groups_[next_++ % groups_.size()];
        frame_.clear();
        fmt::format_to(std::back_inserter(frame_), R"({{"id":{},"type":"message.send","conversation_id":{},"text":"{:0>{}}","client_id":"{}"}})",
                       next_, group.value, next_, text_bytes, ids_.next(unix_ms));
        socket.queue(frame_);
        sent_at_.push_back(now);
    }
    double acknowledged(Moment now) {
        const auto took = std::chrono::duration<double, std::milli>(now - sent_at_.front()).count();
        sent_at_.pop_front();
        return took;
    }
    bool idle() const { return sent_at_.empty(); }

    SocketClient socket;

private:
    const std::vector<ConversationId>& groups_;
    ClientIds ids_;
    std::size_t next_;
    std::string frame_;
    std::deque<Moment> sent_at_;
};

class Run {
public:
    Run(std::span<const Person> people, const SendLoad& load) : load_(load), poll_(::epoll_create1(EPOLL_CLOEXEC)) {
        if (poll_ < 0) throw std::runtime_error{"epoll_create1 fails"};
        for (const auto& person : people) senders_.emplace_back(person, load.port, senders_.size());
        for (auto& sender : senders_) {
            epoll_event event{.events = EPOLLIN, .data = {.ptr = &sender}};
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, sender.socket.handle(), &event);
        }
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run() { ::close(poll_); }

    SendFigures run() {
        look_at_clock();
        begin_ = now_ + load_.warm_up;
        end_ = begin_ + load_.measured;
        for (auto& sender : senders_) {
            for (std::size_t i = 0; i < load_.in_flight; ++i) send(sender);
            flush(sender);
        }
        while (phase_ != Phase::after || std::ranges::any_of(senders_, [](const Sender& sender) { return !sender.idle(); })) turn();
        std::ranges::sort(latencies_);
        figures_.p50_ms = latency_at(0.5);
        figures_.p99_ms = latency_at(0.99);
        return figures_;
    }

private:
    enum class Phase : std::uint8_t { before, measured, after };

    void look_at_clock() {
        now_ = clock_.steady();
        unix_ms_ = to_micros(clock_.now()) / 1000;
    }

    void turn() {
        std::array<epoll_event, 64> events;
        constexpr int longest_wait_ms = 5000;
        const auto count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), longest_wait_ms);
        look_at_clock();
        if (count == 0) throw std::runtime_error{"the server has stopped answering"};
        change_phase();
        for (int i = 0; i < count; ++i) serve(*static_cast<Sender*>(events.at(static_cast<std::size_t>(i)).data.ptr));
    }

    void change_phase() {
        if (phase_ == Phase::before && now_ >= begin_) {
            phase_ = Phase::measured;
            load_.on_begin();
            began_ = clock_.steady();
        } else if (phase_ == Phase::measured && now_ >= end_) {
            phase_ = Phase::after;
            figures_.seconds = std::chrono::duration<double>(clock_.steady() - began_).count();
            load_.on_end();
        }
    }

    void serve(Sender& sender) {
        sender.socket.read([&](std::string_view text) {
            if (text.starts_with(R"({"type":"ok")")) acknowledged(sender);
            else if (text.starts_with(R"({"type":"event")")) ++figures_.events;
            else throw std::runtime_error{"the server says: " + std::string{text}};
        });
        flush(sender);
    }

    void acknowledged(Sender& sender) {
        const auto took = sender.acknowledged(now_);
        if (phase_ == Phase::measured) {
            ++figures_.acknowledged;
            latencies_.push_back(took);
        }
        if (phase_ != Phase::after) send(sender);
    }

    void send(Sender& sender) {
        sender.send_one(unix_ms_, now_);
        ++figures_.sent;
    }

    void flush(Sender& sender) {
        // What one client has in flight is less than a socket's buffer holds.
        if (!sender.socket.flush()) throw std::runtime_error{"the server does not read"};
    }

    double latency_at(double share) const {
        if (latencies_.empty()) return 0;
        return latencies_[static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1))];
    }

    const SystemClock clock_;
    const SendLoad& load_;
    const int poll_;
    std::deque<Sender> senders_;
    Phase phase_ = Phase::before;
    Moment now_, begin_, end_, began_;
    std::int64_t unix_ms_ = 0;
    std::vector<double> latencies_;
    SendFigures figures_;
};

}  // namespace

SendFigures run_send_load(std::span<const Person> people, const SendLoad& load) { return Run{people, load}.run(); }

}  // namespace parley::bench
