// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"
#include "process.hpp"
#include "scenarios.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

#include <fmt/format.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace parley::bench {
namespace {

constexpr std::size_t everybody = 10'000, leaving = 500, group_members = 10;
/// Longer than the server waits before it tells that somebody is gone (api.md section 6: at most 30 s).
constexpr std::chrono::seconds gone_for{33}, settling{2};

class Crowd {
public:
    Crowd(const ServerProcess& server, const std::vector<Person>& people) : server_(server), people_(people) {
        for (const auto& person : people) sockets_.push_back(std::make_unique<SocketClient>(server.public_port(), person.access_token));
    }

    /// Everybody asks for those who are in a group with them.
    void watch() {
        for (std::size_t i = 0; i < sockets_.size(); ++i) {
            watch_from(i);
            read(*sockets_[i]);
        }
    }

    /// Some go, long enough to be seen gone, and come back. What that costs the server, in milliseconds of CPU.
    double come_and_go(bool watching) {
        const auto before = server_.cpu_micros();
        for (std::size_t i = 0; i < leaving; ++i) sockets_[i * everybody / leaving].reset();
        stay(gone_for);
        for (std::size_t i = 0; i < leaving; ++i) {
            const auto who = i * everybody / leaving;
            sockets_[who] = std::make_unique<SocketClient>(server_.public_port(), people_[who].access_token);
            if (watching) watch_from(who);
        }
        stay(settling);
        return (server_.cpu_micros() - before) / 1000;
    }

    std::int64_t signals() const noexcept { return signals_; }

private:
    /// Lets time pass, and answers pings meanwhile.
    void stay(std::chrono::seconds duration) {
        for (auto second = duration; second > std::chrono::seconds{0}; --second) {
            std::this_thread::sleep_for(std::chrono::seconds{1});
            for (auto& socket : sockets_) {
                if (socket) read(*socket);
            }
        }
    }

    void watch_from(std::size_t who) {
        std::string ids;
        for (std::size_t k = 1; k < group_members; ++k)
            ids += fmt::format("{}{}", ids.empty() ? "" : ",", people_[(who + k) % people_.size()].id.value);
        sockets_[who]->queue(fmt::format(R"({{"id":1,"type":"presence.subscribe","user_ids":[{}]}})", ids));
        sockets_[who]->flush();
    }
    void read(SocketClient& socket) {
        socket.read([this](std::string_view text) { signals_ += text.starts_with(R"({"type":"signal")"); });
        socket.flush();
    }

    const ServerProcess& server_;
    const std::vector<Person>& people_;
    std::vector<std::unique_ptr<SocketClient>> sockets_;
    std::int64_t signals_ = 0;
};

}  // namespace

/// 10 000 sockets, of which 500 go and come back: without anybody watching, and with everybody watching nine others.
Report presence(const Settings& settings) {
    const TemporaryFolder folder{settings.folder};
    const auto data_dir = folder.path() / "data";
    unpin();
    const auto people = make_world(data_dir, {.people = everybody, .groups = everybody, .members_per_group = group_members});
    const ServerProcess server{{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}}}};
    pin_to_core(load_core);
    Crowd crowd{server, people};
    const auto without = crowd.come_and_go(false);
    crowd.watch();
    const auto memory_before = server.memory().anonymous_kib;
    const auto with = crowd.come_and_go(true);
    Figures figures;
    const auto seconds = static_cast<double>((gone_for + settling).count());
    figures.set("CPU ms without watchers", without);
    figures.set("CPU ms with 10 000 watchers", with);
    figures.set("presence signals", static_cast<double>(crowd.signals()));
    figures.set("presence, % of a core", (with - without) / 10 / seconds);
    figures.set("server anonymous MiB", static_cast<double>(memory_before) / 1024);
    Report report{"presence of 10 000, 500 go and come"};
    report.add("parley", {figures});
    report.add_goal({"presence alone, % of a core", figures.at("presence, % of a core"), Goal::at_most, 1});
    return report;
}

}  // namespace parley::bench
