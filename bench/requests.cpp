// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"
#include "http_load.hpp"
#include "process.hpp"
#include "scenarios.hpp"
#include "tcp.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <vector>

namespace parley::bench {
namespace {

std::string bearer(const Person& person) { return "Authorization: Bearer " + person.access_token + "\r\n"; }

/// Load on a server, whatever it is; `cpu` reads its CPU time.
Figures measure(const Settings& settings, std::uint16_t port, const std::function<double()>& cpu, std::function<std::string()> next_request) {
    double before = 0, after = 0;
    const auto load = run_http_load({.port = port,
                                     .next_request = std::move(next_request),
                                     .measured = settings.measured,
                                     .on_begin = [&] { before = cpu(); },
                                     .on_end = [&] { after = cpu(); }});
    const auto answers = static_cast<double>(load.answers);
    Figures figures;
    figures.set("answers/s", answers / load.seconds);
    figures.set("CPU us/answer", (after - before) / answers);
    figures.set("answers/s of a full core", 1e6 * answers / (after - before));
    figures.set("p50 ms", load.p50_ms);
    figures.set("p99 ms", load.p99_ms);
    return figures;
}

/// nginx with one worker that answers every request by itself, with as many bytes as Parley's answer has.
class Nginx {
public:
    Nginx(const Settings& settings, std::size_t body_bytes) : folder_(settings.folder), port_(free_port()) {
        const auto config = folder_.path() / "nginx.conf";
        std::ofstream{config} << fmt::format(R"(daemon off; worker_processes 1; pid {0}/pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{
  access_log off; default_type application/json; keepalive_requests 1000000000;
  client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/fastcgi; uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi;
  server {{ listen 127.0.0.1:{1}; location / {{ return 200 '{2}'; }} }}
}}
)",
                                             folder_.path().string(), port_, std::string(body_bytes, 'x'));
        process_ = std::make_unique<ChildProcess>(ChildProcess::Command{.arguments = {"/usr/sbin/nginx", "-c", config, "-e", "/dev/null"}});
        wait_until_listening(*process_, port_);
    }
    std::uint16_t port() const noexcept { return port_; }
    double cpu_micros() const { return process_->cpu_micros(); }

private:
    TemporaryFolder folder_;
    std::uint16_t port_;
    std::unique_ptr<ChildProcess> process_;
};

constexpr std::size_t body_bytes = 200;  // a user of GET /users/me, within a few bytes

}  // namespace

/// P11.
Report requests(const Settings& settings) {
    const TemporaryFolder folder{settings.folder};
    const auto data_dir = folder.path() / "data";
    unpin();
    const auto people = make_world(data_dir, {.people = 1, .groups = 1});
    const ServerProcess server{{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}}}};
    const Nginx nginx{settings, body_bytes};
    pin_to_core(load_core);
    const auto me = get_request(server.public_port(), "/api/v1/users/me", bearer(people.front()));
    const auto any = get_request(nginx.port(), "/", bearer(people.front()));
    std::vector<Figures> ours, theirs;
    std::vector<double> ratios;
    for (int i = 0; i < settings.runs; ++i) {
        ours.push_back(measure(settings, server.public_port(), [&] { return server.cpu_micros(); }, [&] { return me; }));
        theirs.push_back(measure(settings, nginx.port(), [&] { return nginx.cpu_micros(); }, [&] { return any; }));
        ratios.push_back(ours.back().at("answers/s of a full core") / theirs.back().at("answers/s of a full core"));
    }
    Report report{"P11 signed-in JSON request"};
    report.add("GET /users/me", std::move(ours));
    report.add("nginx return", std::move(theirs));
    report.add_goal({"P11: requests of a core, Parley / nginx return 200", median(ratios), Goal::at_least, 0.9});
    return report;
}

namespace {

/// Pages of 50 at random places of a hundred conversations.
std::vector<Figures> measure_pages(const Settings& settings, std::int64_t size) {
    constexpr std::int64_t conversations = 100;
    const TemporaryFolder folder{settings.folder};
    const auto data_dir = folder.path() / "data";
    unpin();
    const auto people = make_world(data_dir, {.people = 1, .groups = conversations});
    add_messages(data_dir, people, size);
    const ServerProcess server{{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}}}};
    pin_to_core(load_core);
    std::mt19937_64 random{3};
    const auto& groups = people.front().groups;
    const auto page = [&](int limit) {
        const auto before = 51 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(size / conversations - 50));
        const auto group = groups[random() % groups.size()].value;
        return get_request(server.public_port(), fmt::format("/api/v1/conversations/{}/messages?limit={}&before_seq={}", group, limit, before),
                           bearer(people.front()));
    };
    std::vector<Figures> runs;
    for (int i = 0; i < settings.runs; ++i) {
        Figures figures;
        const auto cpu = [&] { return server.cpu_micros(); };
        figures.add("page of 50: ", measure(settings, server.public_port(), cpu, [&] { return page(50); }));
        figures.add("page of 10: ", measure(settings, server.public_port(), cpu, [&] { return page(10); }));
        std::cerr << fmt::format("{} messages: {:.1f} us a page of 50\n", size, figures.at("page of 50: CPU us/answer"));
        runs.push_back(std::move(figures));
    }
    return runs;
}

}  // namespace

/// P6: the same pages out of few messages and out of many.
Report history(const Settings& settings) {
    Report report{"P6 history"};
    std::vector<double> micros;
    for (const auto size : settings.history_sizes) {
        auto runs = measure_pages(settings, size);
        micros.push_back(Figures::medians(runs).at("page of 50: CPU us/answer"));
        report.add(size_name(size), std::move(runs));
    }
    report.add_goal({"P6: CPU of a page, most messages / fewest", micros.back() / micros.front(), Goal::at_most, 1.3});
    return report;
}

/// P6: what somebody sees who opens the client and is in a thousand conversations.
Report conversation_list(const Settings& settings) {
    const TemporaryFolder folder{settings.folder};
    const auto data_dir = folder.path() / "data";
    unpin();
    const auto people = make_world(data_dir, {.people = 1, .groups = 1000});
    add_messages(data_dir, people, 10'000);
    const ServerProcess server{{settings.server, data_dir, {{"PARLEY_LIMITS_RATE_LIMITS", "off"}}}};
    pin_to_core(load_core);
    std::vector<Figures> runs;
    for (int i = 0; i < settings.runs; ++i) {
        Figures figures;
        for (const auto* target : {"conversations?limit=50", "conversations?limit=200", "sync"}) {
            const auto request = get_request(server.public_port(), std::string{"/api/v1/"} + target, bearer(people.front()));
            figures.add(std::string{target} + ": ",
                        measure(settings, server.public_port(), [&] { return server.cpu_micros(); }, [&] { return request; }));
        }
        runs.push_back(std::move(figures));
    }
    Report report{"P6 a member of 1 000 conversations"};
    report.add("parley", std::move(runs));
    return report;
}

}  // namespace parley::bench
