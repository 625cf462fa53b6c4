// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/task.hpp"

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <functional>
#include <string>

namespace parley {

/// The only way to start a task nobody awaits: under a name, counted, and awaited before what it uses is destroyed.
/// A group belongs to one executor and is used from its thread only.
class TaskGroup {
public:
    using OnException = std::function<void(const std::string& group, std::exception_ptr)>;

    /// `on_exception` gets what a spawned task lets escape; the group goes on.
    TaskGroup(std::string name, OnException on_exception);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    ~TaskGroup();

    /// Runs `task` until its first wait, and keeps it until it ends.
    void spawn(Task<void> task);

    /// Asks the tasks to end; long ones look at `stopping()`.
    void request_stop() noexcept { stopping_ = true; }
    bool stopping() const noexcept { return stopping_; }
    /// From any thread.
    std::size_t running() const noexcept { return running_.load(std::memory_order_acquire); }

    /// Completes when no task of the group is left. At most one waits at a time.
    auto join() noexcept {
        struct Awaiter {
            TaskGroup& group;
            bool await_ready() const noexcept { return group.running() == 0; }
            void await_suspend(std::coroutine_handle<> waiting) const noexcept { group.joining_ = waiting; }
            void await_resume() const noexcept {}
        };
        return Awaiter{*this};
    }

private:
    struct Detached;
    static Detached run(TaskGroup& group, Task<void> task);
    void finished() noexcept;

    std::string name_;
    OnException on_exception_;
    std::atomic<std::size_t> running_ = 0;
    bool stopping_ = false;
    std::coroutine_handle<> joining_;
};

}  // namespace parley
