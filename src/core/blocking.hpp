// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/executor.hpp"
#include "core/task.hpp"
#include "core/task_group.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley {

/// An executor that runs on its maker's thread while that thread waits for something: for the command line and for tests.
class BlockingLoop final : public Executor {
public:
    BlockingLoop() : before_(Executor::current()) { set_current(this); }
    ~BlockingLoop() { set_current(before_); }

    using Executor::post;
    void post(WorkList&& work) override {
        const std::scoped_lock lock{mutex_};
        queue_.append(std::move(work));
        wake_.notify_one();
    }

    /// Runs work until `done()`.
    template <class Done>
    void run_until(Done&& done) {
        while (!done()) {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, [this] { return !queue_.empty(); });
            auto& work = queue_.pop();
            lock.unlock();
            work.run();
        }
    }

private:
    Executor* before_;
    std::mutex mutex_;
    std::condition_variable wake_;
    WorkList queue_;
};

/// Runs a task to its end on this thread and gives its result. What the task lets escape is thrown.
template <class T>
T run_blocking(Task<T> task) {
    BlockingLoop loop;
    std::exception_ptr escaped;
    TaskGroup group{"blocking", [&](const std::string&, std::exception_ptr exception) { escaped = std::move(exception); }};
    if constexpr (std::is_void_v<T>) {
        group.spawn(std::move(task));
        loop.run_until([&] { return group.running() == 0; });
        if (escaped) std::rethrow_exception(escaped);
    } else {
        std::optional<T> result;
        group.spawn([](Task<T> inner, std::optional<T>& out) -> Task<void> { out.emplace(co_await inner); }(std::move(task), result));
        loop.run_until([&] { return group.running() == 0; });
        if (escaped) std::rethrow_exception(escaped);
        return std::move(*result);
    }
}

}  // namespace parley
