// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/random.hpp"
#include "core/task_group.hpp"
#include "core/worker_pool.hpp"
#include "http/gate.hpp"
#include "http/router.hpp"
#include "http/stage.hpp"
#include "logging/logger.hpp"
#include "net/listener.hpp"
#include "net/shard.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

class Connection;

struct ServerLimits {
    HeadLimits head;
    std::uint64_t json_body_bytes = 256 * 1024;
    std::chrono::milliseconds header_timeout{10'000};
    std::chrono::milliseconds body_timeout{30'000};
    std::chrono::milliseconds idle_timeout{60'000};
};

/// Counters since the start, for /metrics.
struct ServerCounters {
    std::atomic<std::uint64_t> connections_accepted = 0;
    std::atomic<std::int64_t> connections_open = 0;
    std::atomic<std::int64_t> internal_open = 0;
    std::atomic<std::uint64_t> requests = 0;
    std::array<std::atomic<std::uint64_t>, 6> by_status_class{};  // [2] counts 200 to 299
    std::atomic<std::uint64_t> request_micros = 0;
};

/// Accepts connections on every shard, and answers their requests through the middleware and the route table.
class Server {
public:
    /// `disk` sends file bodies. The router is complete when the first listener starts, and does not change after.
    Server(net::Shards& shards, const Router& router, ServerLimits limits, WorkerPool& disk, logging::Logger& logger);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Adds a stage at the end of the chain; before the first listener starts.
    void add_stage(std::unique_ptr<Stage> stage) { stages_.push_back(std::move(stage)); }

    /// Binds an address: a public one on every shard, an internal one on the first. Returns it with its real port. Errors: those of net::Listener.
    Result<std::string> listen(std::string_view address, Listening kind);
    void start();

    /// Stops accepting, closes idle connections, and lets the others end with the answer they are at. From any thread.
    void begin_drain();
    bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }
    std::int64_t open_connections() const noexcept { return counters_.connections_open; }
    /// Of them, those of the internal listener, which go on during a drain to tell of it.
    std::int64_t internal_connections() const noexcept { return counters_.internal_open; }
    /// Closes whatever is still open. From any thread; done when the shards' queues have run.
    void close_all();

    const ServerCounters& counters() const noexcept { return counters_; }
    /// Handlers that still run, for the stop. From any thread.
    std::size_t tasks_running() const noexcept;

private:
    friend class Connection;
    struct ShardState;

    struct Bound {
        std::unique_ptr<net::Listener> listener;
        std::size_t shard;
        Listening kind;
    };

    void accept(net::Socket socket, const std::string& peer, Listening kind, std::size_t shard);
    /// Takes a connection off its shard's list; it goes when nobody is in it any more.
    void forget(Connection& connection);
    /// Finds the route and runs the stages; the error is the answer. OPTIONS of a path finds no route and is no error.
    Result<void> admit(Call& call, Listening listener);
    Result<void> find_route(Call& call, Listening listener);
    /// Runs the handler; nothing escapes.
    Task<Reply> answer(Call& call);
    Reply error_reply(const Call& call, const Error& error) const;
    /// Runs the stages' second half and counts.
    void finish(const Call& call, Reply& reply);
    void count(int status, Moment::duration took);
    std::uint64_t body_limit(const Call& call) const noexcept;
    /// For answers to what was no request.
    std::string next_request_id();

    TaskGroup& tasks_of(net::Shard& shard) noexcept;
    ShardState& state_of(net::Shard& shard) noexcept { return *states_[shard.index()]; }
    std::string_view date(net::Shard& shard);
    void on_each_shard(const std::function<void(ShardState&)>& action);

    net::Shards& shards_;
    const Router& router_;
    const ServerLimits limits_;
    WorkerPool& disk_;
    logging::Logger& logger_;
    std::vector<std::unique_ptr<Stage>> stages_;
    std::vector<std::unique_ptr<ShardState>> states_;
    std::vector<Bound> listeners_;
    ServerCounters counters_;
    std::atomic<bool> draining_ = false;
    std::atomic<std::uint64_t> request_number_ = 0;
};

}  // namespace parley::http
