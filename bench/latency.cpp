// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"
#include "core/clock.hpp"
#include "process.hpp"
#include "scenarios.hpp"
#include "send_load.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <array>
#include <charconv>
#include <deque>
#include <iostream>
#include <stdexcept>

namespace parley::bench {
namespace {

constexpr std::size_t clients = 64, conversations = 1000;

/// Messages at a steady rate, whether or not earlier ones have arrived. Each carries the microsecond at which it was due, so that a late sender
/// counts as well.
class PacedLoad {
public:
    PacedLoad(std::span<const Person> people, std::uint16_t port, double per_second)
        : people_(people),
          interval_micros_(1e6 / per_second),
          poll_(::epoll_create1(EPOLL_CLOEXEC)),
          ids_(5) {
        for (const auto& person : people) {
            auto& socket = sockets_.emplace_back(port, person.access_token);
            epoll_event event{.events = EPOLLIN, .data = {.ptr = &socket}};
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, socket.handle(), &event);
        }
    }
    PacedLoad(const PacedLoad&) = delete;
    PacedLoad& operator=(const PacedLoad&) = delete;
    ~PacedLoad() { ::close(poll_); }

    /// Milliseconds from when each message was due to when its receiver had it.
    std::vector<double> run(std::chrono::milliseconds duration) {
        const auto begin = micros();
        const auto end = begin + std::chrono::microseconds{duration}.count();
        double due = static_cast<double>(begin);
        std::vector<double> took;
        while (micros() < end) {
            for (; due <= static_cast<double>(micros()); due += interval_micros_) send(static_cast<std::int64_t>(due));
            receive(took, 1);
        }
        while (std::ssize(took) < sent_) receive(took, 5000);
        return took;
    }

private:
    std::int64_t micros() const { return std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady().time_since_epoch()).count(); }

    void send(std::int64_t due) {
        const auto who = static_cast<std::size_t>(sent_++) % people_.size();
        const auto& groups = people_[who].groups;
        const auto group = groups[static_cast<std::size_t>(sent_) / people_.size() % groups.size()];
        const auto client_id = ids_.next(due / 1000);
        sockets_[who].queue(fmt::format(R"({{"id":1,"type":"message.send","conversation_id":{},"text":"due{:0>{}}","client_id":"{}"}})", group.value,
                                        due, text_bytes - 3, client_id));
        sockets_[who].flush();
    }

    void receive(std::vector<double>& took, int wait_ms) {
        std::array<epoll_event, 64> events;
        const auto count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), wait_ms);
        if (count == 0 && wait_ms > 1) throw std::runtime_error{"messages do not arrive"};
        for (int i = 0; i < count; ++i) {
            auto& socket = *static_cast<SocketClient*>(events.at(static_cast<std::size_t>(i)).data.ptr);
            socket.read([&](std::string_view text) {
                if (text.starts_with(R"({"type":"error")")) throw std::runtime_error{"the server says: " + std::string{text}};
                if (!text.starts_with(R"({"type":"event")")) return;
                const auto at = text.find("\"text\":\"due");
                if (at == std::string_view::npos) return;
                std::int64_t due = 0;
                std::from_chars(text.data() + at + 11, text.data() + at + 11 + text_bytes - 3, due);
                took.push_back(static_cast<double>(micros() - due) / 1000);
            });
            socket.flush();
        }
    }

    const SystemClock clock_;
    std::span<const Person> people_;
    const double interval_micros_;
    const int poll_;
    std::deque<SocketClient> sockets_;
    ClientIds ids_;
    std::int64_t sent_ = 0;
};

/// Milliseconds that appending 4 KiB and fdatasync(2) take, one after the other.
std::vector<double> measure_fsync(const std::filesystem::path& folder, int count) {
    const SystemClock clock;
    const int file = ::open((folder / "fsync").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const std::string page(4096, 'x');
    std::vector<double> took;
    for (int i = 0; i < count && file >= 0; ++i) {
        const auto begin = clock.steady();
        if (::pwrite(file, page.data(), page.size(), static_cast<off_t>(i) * 4096) < 0 || ::fdatasync(file) != 0) break;
        took.push_back(std::chrono::duration<double, std::milli>(clock.steady() - begin).count());
    }
    ::close(file);
    return took;
}

Figures measure(const Settings& settings) {
    const TemporaryFolder folder{settings.folder};
    const auto data_dir = folder.path() / "data";
    unpin();
    const auto people = make_world(data_dir, {.people = clients, .groups = conversations});
    pin_to_core(load_core);
    ServerProcess server{{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}}}};
    const auto full = run_send_load(people, {.port = server.public_port(), .measured = settings.measured, .on_begin = [] {}, .on_end = [] {}});
    const auto peak = static_cast<double>(full.acknowledged) / full.seconds;
    const auto before = measure_fsync(folder.path(), 300);
    const auto took = PacedLoad{people, server.public_port(), peak / 2}.run(settings.measured * 2);
    auto fsyncs = measure_fsync(folder.path(), 300);
    fsyncs.insert(fsyncs.end(), before.begin(), before.end());
    server.stop();
    Figures figures;
    figures.set("messages/s at full load", peak);
    figures.set("messages/s measured", peak / 2);
    figures.set("send to receipt p50 ms", quantile(took, 0.5));
    figures.set("send to receipt p99 ms", quantile(took, 0.99));
    figures.set("fdatasync alone p50 ms", quantile(fsyncs, 0.5));
    figures.set("fdatasync alone p99 ms", quantile(fsyncs, 0.99));
    figures.set("p99 beyond the disk's p99 ms", quantile(took, 0.99) - quantile(fsyncs, 0.99));
    std::cerr << fmt::format("half load {:.0f}/s: p50 {:.2f} ms, p99 {:.2f} ms; fsync p99 {:.2f} ms\n", peak / 2, quantile(took, 0.5),
                             quantile(took, 0.99), quantile(fsyncs, 0.99));
    return figures;
}

}  // namespace

/// P4: half of what the server has just shown it can take.
Report latency(const Settings& settings) {
    std::vector<Figures> runs;
    for (int i = 0; i < settings.runs; ++i) runs.push_back(measure(settings));
    const auto beyond = Figures::medians(runs).at("p99 beyond the disk's p99 ms");
    Report report{"P4 latency at half load"};
    report.add("parley", std::move(runs));
    report.add_goal({"P4: p99 of a durable send to its receiver, beyond the disk's own p99, ms", beyond, Goal::at_most, 5});
    return report;
}

}  // namespace parley::bench
