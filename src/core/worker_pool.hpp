// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/errors.hpp"
#include "core/executor.hpp"
#include "core/result.hpp"

#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace parley {

/// Threads for what would hold a shard: password hashes, disk. Work waits in a queue of limited length.
class WorkerPool {
public:
    WorkerPool(std::string name, std::size_t threads, std::size_t queue_limit);
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    /// Runs what is queued, then ends.
    ~WorkerPool();

    /// `co_await pool.run(f)` calls `f()` on a thread of the pool and resumes where it was called. `f` returns a Result; `overloaded` if the queue is
    /// full.
    template <class F>
    auto run(F function) {
        return Call<F>{*this, std::move(function)};
    }

    std::size_t queued() const;

private:
    template <class F>
    class Call final : public Work {
    public:
        using Value = std::invoke_result_t<F&>;

        Call(WorkerPool& pool, F function) : pool_(pool), function_(std::move(function)), resume_(*this) {}
        bool await_ready() const noexcept { return false; }
        bool await_suspend(std::coroutine_handle<> waiting) {
            waiting_ = waiting;
            home_ = Executor::current();
            if (pool_.enqueue(*this)) return true;
            value_.emplace(fail(errors::overloaded));
            return false;
        }
        Value await_resume() {
            if (exception_) std::rethrow_exception(exception_);
            return std::move(*value_);
        }
        void run() override {
            try {
                value_.emplace(function_());
            } catch (...) {
                exception_ = std::current_exception();
            }
            home_->post(resume_);
        }

    private:
        struct Resume final : Work {
            explicit Resume(Call& owner) : call(owner) {}
            void run() override { call.waiting_.resume(); }
            Call& call;
        };

        WorkerPool& pool_;
        F function_;
        std::optional<Value> value_;
        std::exception_ptr exception_;
        std::coroutine_handle<> waiting_;
        Executor* home_ = nullptr;
        Resume resume_;
    };

    bool enqueue(Work& work);
    void work(const std::stop_token& stop);

    const std::string name_;
    const std::size_t queue_limit_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    WorkList queue_;
    std::size_t queued_ = 0;
    std::vector<std::jthread> threads_;
};

}  // namespace parley
