// SPDX-License-Identifier: Apache-2.0
#include "core/clock.hpp"
#include "frames.hpp"
#include "process.hpp"
#include "scenarios.hpp"
#include "tcp.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <deque>
#include <iostream>
#include <stdexcept>
#include <system_error>

namespace parley::bench {
namespace {

constexpr std::size_t sockets = 10'000, groups_of_each = 10, missed_of_each = 100;
constexpr std::chrono::seconds longest{60};

/// Everybody comes back at the same moment and resumes from where they were.
class Herd {
public:
    Herd(std::uint16_t port, const std::vector<Person>& people, const Positions& positions, std::string_view epoch)
        : port_(port),
          poll_(::epoll_create1(EPOLL_CLOEXEC)),
          scratch_(256 * 1024) {
        for (const auto& person : people) {
            std::string resume;
            for (const auto group : person.groups) resume += fmt::format(R"({}"{}":{})", resume.empty() ? "" : ",", group.value, positions.at(group));
            resume = fmt::format(R"({{"id":"r","type":"resume","epoch":"{}","positions":{{{}}}}})", epoch, resume);
            animals_.push_back(
                {.first_words = upgrade_request(port, "/api/v1/realtime",
                                                "Sec-WebSocket-Protocol: parley.v1\r\nAuthorization: Bearer " + person.access_token + "\r\n"),
                 .in = {}});
            add_client_frame(animals_.back().resume, Opcode::text, resume);
        }
    }
    Herd(const Herd&) = delete;
    Herd& operator=(const Herd&) = delete;
    ~Herd() {
        for (const auto& animal : animals_) ::close(animal.handle);
        ::close(poll_);
    }

    struct Outcome {
        double seconds = 0;                                 // until the last was caught up
        double first_answer_p50 = 0, first_answer_p99 = 0;  // seconds until hello
        std::int64_t events = 0;
        std::int64_t failures = 0;  // refused, cut, or not caught up in time
    };
    Outcome run() {
        begin_ = clock_.steady();
        for (auto& animal : animals_) connect(animal);
        std::array<epoll_event, 512> events;
        while (caught_up_ + failures_ < animals_.size() && clock_.steady() - begin_ < longest) {
            const auto count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 1000);
            for (int i = 0; i < count; ++i) serve(*static_cast<Animal*>(events.at(static_cast<std::size_t>(i)).data.ptr));
        }
        return {since_begin(), quantile(hellos_, 0.5), quantile(hellos_, 0.99), events_, static_cast<std::int64_t>(animals_.size() - caught_up_)};
    }

private:
    struct Animal {
        std::string first_words, resume, in;
        int handle = -1;
        enum class State : std::uint8_t { connecting, upgrading, greeted, caught_up, failed } state = State::connecting;
    };

    double since_begin() const { return std::chrono::duration<double>(clock_.steady() - begin_).count(); }

    void connect(Animal& animal) {
        animal.handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (animal.handle < 0) throw std::system_error{errno, std::generic_category(), "socket"};
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(animal.handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS) return fail(animal);
        epoll_event event{.events = EPOLLOUT, .data = {.ptr = &animal}};
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, animal.handle, &event);
    }

    void serve(Animal& animal) {
        if (animal.state == Animal::State::connecting) return connected(animal);
        const auto count = ::recv(animal.handle, scratch_.data(), scratch_.size(), 0);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) return fail(animal);
        animal.in.append(scratch_.data(), static_cast<std::size_t>(count));
        if (animal.state == Animal::State::upgrading) take_upgrade(animal);
        take_frames(animal);
    }

    void connected(Animal& animal) {
        if (!say(animal, animal.first_words)) return fail(animal);
        animal.state = Animal::State::upgrading;
        epoll_event event{.events = EPOLLIN, .data = {.ptr = &animal}};
        ::epoll_ctl(poll_, EPOLL_CTL_MOD, animal.handle, &event);
    }

    void take_upgrade(Animal& animal) {
        const auto end = animal.in.find("\r\n\r\n");
        if (end == std::string::npos) return;
        if (status_in(animal.in) != 101) return fail(animal);
        animal.in.erase(0, end + 4);
        animal.state = Animal::State::greeted;
        if (!say(animal, animal.resume)) fail(animal);
    }

    void take_frames(Animal& animal) {
        if (animal.state != Animal::State::greeted) return;
        std::string_view bytes = animal.in;
        while (const auto frame = take_server_frame(bytes)) {
            const auto text = frame->payload;
            if (frame->opcode == Opcode::close) return fail(animal);
            if (text.starts_with(R"({"type":"event")")) ++events_;
            else if (text.starts_with(R"({"type":"hello")")) hellos_.push_back(since_begin());
            else if (text.starts_with(R"({"type":"ok")")) caught_up(animal, text);
            else if (text.starts_with(R"({"type":"error")")) return fail(animal);
        }
        animal.in.erase(0, animal.in.size() - bytes.size());
    }

    void caught_up(Animal& animal, std::string_view text) {
        if (!text.contains(R"("truncated":[])")) return fail(animal);
        animal.state = Animal::State::caught_up;
        ++caught_up_;
    }

    void fail(Animal& animal) {
        if (animal.state == Animal::State::failed || animal.state == Animal::State::caught_up) return;
        if (failures_++ == 0) std::cerr << "first failure: " << animal.in.substr(0, 300) << '\n';
        animal.state = Animal::State::failed;
        ::epoll_ctl(poll_, EPOLL_CTL_DEL, animal.handle, nullptr);
    }

    static bool say(const Animal& animal, std::string_view words) {
        return ::send(animal.handle, words.data(), words.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(words.size());
    }

    const SystemClock clock_;
    const std::uint16_t port_;
    const int poll_;
    std::vector<char> scratch_;
    std::deque<Animal> animals_;
    Moment begin_;
    std::size_t caught_up_ = 0, failures_ = 0;
    std::int64_t events_ = 0;
    std::vector<double> hellos_;
};

/// A folder as a server leaves it that was stopped while everybody was there: their positions are of before the last messages.
struct Stage {
    explicit Stage(const Settings& settings) : folder(settings.folder), data_dir(folder.path() / "data") {
        people = make_world(data_dir, {.people = sockets, .groups = sockets, .members_per_group = groups_of_each});
        positions = positions_in(data_dir);
        epoch = epoch_of(data_dir);
        add_messages(data_dir, people, static_cast<std::int64_t>(sockets * missed_of_each / groups_of_each));
    }
    TemporaryFolder folder;
    std::filesystem::path data_dir;
    std::vector<Person> people;
    Positions positions;
    std::string epoch;
};

Figures measure(const Settings& settings, const Stage& stage) {
    ServerProcess server{{settings.server, stage.data_dir, {}, false}};
    const auto cpu = server.cpu_micros();
    Herd herd{server.public_port(), stage.people, stage.positions, stage.epoch};
    const auto outcome = herd.run();
    Figures figures;
    figures.set("seconds until all are caught up", outcome.seconds);
    figures.set("failures", static_cast<double>(outcome.failures));
    figures.set("seconds until hello, p50", outcome.first_answer_p50);
    figures.set("seconds until hello, p99", outcome.first_answer_p99);
    figures.set("events a socket", static_cast<double>(outcome.events) / static_cast<double>(sockets));
    figures.set("server CPU us/event", (server.cpu_micros() - cpu) / static_cast<double>(outcome.events));
    figures.set("server RSS MiB afterwards", static_cast<double>(server.memory().resident_kib) / 1024);
    std::cerr << fmt::format("{} sockets: {:.2f} s, {} failures, {} events\n", sockets, outcome.seconds, outcome.failures, outcome.events);
    return figures;
}

}  // namespace

/// P9, with the default settings, limits of rate included; server and load share both cores.
Report reconnect(const Settings& settings) {
    unpin();
    const Stage stage{settings};
    std::vector<Figures> runs;
    for (int i = 0; i < settings.runs; ++i) runs.push_back(measure(settings, stage));
    const auto medians = Figures::medians(runs);
    Report report{"P9 10 000 sockets resume"};
    report.add("parley", std::move(runs));
    report.add_goal({"P9: seconds until 10 000 are caught up", medians.at("seconds until all are caught up"), Goal::at_most, 10});
    report.add_goal({"P9: failures", medians.at("failures"), Goal::at_most, 0});
    return report;
}

}  // namespace parley::bench
