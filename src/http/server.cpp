// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include "core/errors.hpp"
#include "http/connection.hpp"
#include "http/errors.hpp"
#include "http/problem.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <exception>

namespace parley::http {

/// What a shard has of the server, touched by its own thread only.
struct Server::ShardState {
    ShardState(net::Shard& on, logging::Logger& logger)
        : shard(on),
          tasks("http",
                [&logger](const std::string& group, const std::exception_ptr&) { logger.error("an exception escaped", {{"group", group}}); }) {}

    net::Shard& shard;
    TaskGroup tasks;
    Connection* connections = nullptr;
    std::int64_t date_second = -1;
    std::string date;
};

Server::Server(net::Shards& shards, const Router& router, ServerLimits limits, WorkerPool& disk, logging::Logger& logger)
    : shards_(shards),
      router_(router),
      limits_(limits),
      disk_(disk),
      logger_(logger) {
    for (auto& shard : shards) states_.push_back(std::make_unique<ShardState>(*shard, logger));
}

Server::~Server() = default;

Result<std::string> Server::listen(std::string_view address, Listening kind) {
    std::string real{address};
    const std::size_t count = kind == Listening::internal_only ? 1 : shards_.size();
    for (std::size_t i = 0; i < count; ++i) {
        TRY(auto listener, net::Listener::open(shards_[i], real, [this, kind, i](net::Socket socket, const std::string& peer) {
                accept(std::move(socket), peer, kind, i);
            }));
        real = listener->address();  // the others share the port the first one got
        listeners_.push_back({std::move(listener), i, kind});
    }
    return real;
}

void Server::start() {
    for (auto& bound : listeners_) bound.listener->start();
}

void Server::accept(net::Socket socket, const std::string& peer, Listening kind, std::size_t shard) {
    auto connection = std::make_shared<Connection>(*this, std::move(socket), Address::parse(peer).value_or(Address{}), kind);
    ++counters_.connections_accepted;
    ++counters_.connections_open;
    if (kind == Listening::internal_only) ++counters_.internal_open;
    auto& state = *states_[shard];
    auto& raw = *connection;
    raw.next_ = state.connections;
    raw.link_ = &state.connections;
    if (raw.next_ != nullptr) raw.next_->link_ = &raw.next_;
    state.connections = &raw;
    raw.alive_ = std::move(connection);
    raw.start();
}

void Server::forget(Connection& connection) {
    *connection.link_ = connection.next_;
    if (connection.next_ != nullptr) connection.next_->link_ = connection.link_;
    --counters_.connections_open;
    if (connection.listener_ == Listening::internal_only) --counters_.internal_open;
    // Released at the end of the turn at the earliest: somebody up the stack may be in the connection.
    const auto keep = std::exchange(connection.alive_, nullptr);
}

Result<void> Server::find_route(Call& call, Listening listener) {
    CHECK(call.decode_path());
    auto match = router_.find(call.verb(), call.decoded_path().segments());
    const auto reachable = [&](const Route& route) { return route.listening == Listening::both || route.listening == listener; };
    if (match.route != nullptr) {
        if (!reachable(*match.route)) return fail(parley::errors::not_found);
        call.route = match.route;
        call.set_parameters(std::move(match.parameters));
        return {};
    }
    const auto allow = allow_of(match.allowed);
    if (allow.empty()) return fail(parley::errors::not_found);
    call.reply_headers.emplace_back("Allow", allow);
    if (call.verb() == Verb::options) return {};
    return fail(errors::method_not_allowed);
}

Result<void> Server::admit(Call& call, Listening listener) {
    ++counters_.requests;
    auto found = find_route(call, listener);
    for (auto& stage : stages_) {
        auto passed = stage->before(call);
        // On the internal listener any Host is good, so a path that leads nowhere there is answered as that.
        if (!passed && !found && listener == Listening::internal_only) break;
        if (!passed) return passed;
    }
    return found;
}

Task<Reply> Server::answer(Call& call) {
    std::exception_ptr escaped;
    call.shard().at(call.route->path);
    try {
        auto result = co_await call.route->handler(call);
        if (result) co_return *std::move(result);
        co_return error_reply(call, result.error());
    } catch (const std::exception& exception) {
        logger_.error("a handler failed", {{"request", call.request_id()}, {"route", call.route->path}, {"what", exception.what()}});
    }
    co_return error_reply(call, parley::errors::internal);
}

Reply Server::error_reply(const Call& call, const Error& error) const {
    if (const auto render = router_.error_reply_of(call.target().path)) return render(call, error);
    return problem(error, call.request_id());
}

void Server::finish(const Call& call, Reply& reply) {
    for (const auto& [name, value] : call.reply_headers) reply.header(name, value);
    for (auto stage = stages_.rbegin(); stage != stages_.rend(); ++stage) (*stage)->after(call, reply);
    const auto took = call.shard().clock().steady() - call.started();
    count(reply.status, took);
    if (call.route != nullptr)
        call.route->latency->add(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
}

void Server::count(int status, Moment::duration took) {
    ++counters_.by_status_class[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))];
    counters_.request_micros += static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
}

std::uint64_t Server::body_limit(const Call& call) const noexcept { return call.route->max_body_bytes.value_or(limits_.json_body_bytes); }

std::string Server::next_request_id() { return fmt::format("{:x}", ++request_number_); }

TaskGroup& Server::tasks_of(net::Shard& shard) noexcept { return state_of(shard).tasks; }

std::size_t Server::tasks_running() const noexcept {
    std::size_t running = 0;
    for (const auto& state : states_) running += state->tasks.running();
    return running;
}

/// Written once a second and shard: formatting a date costs more than the rest of a head.
std::string_view Server::date(net::Shard& shard) {
    auto& state = state_of(shard);
    const auto now = shard.clock().now();
    const auto second = to_micros(now) / 1'000'000;
    if (second != state.date_second) {
        state.date_second = second;
        state.date = format_http_date(now);
    }
    return state.date;
}

void Server::begin_drain() {
    if (draining_.exchange(true)) return;
    on_each_shard([this](ShardState& state) {
        for (auto& bound : listeners_) {
            const bool tells_of_the_drain = bound.kind == Listening::internal_only;
            if (bound.shard == state.shard.index() && !tells_of_the_drain) bound.listener->stop();
        }
        for (auto* connection = state.connections; connection != nullptr;) {
            auto* const next = connection->next_;
            connection->drain();
            connection = next;
        }
    });
}

void Server::close_all() {
    on_each_shard([](ShardState& state) {
        while (state.connections != nullptr) state.connections->close();
    });
}

void Server::on_each_shard(const std::function<void(ShardState&)>& action) {
    for (auto& state : states_) state->shard.run_soon([action, &shard_state = *state] { action(shard_state); });
}

}  // namespace parley::http
