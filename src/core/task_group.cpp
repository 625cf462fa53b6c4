// SPDX-License-Identifier: Apache-2.0
#include "core/task_group.hpp"

#include <cassert>
#include <utility>

namespace parley {

/// A coroutine that starts at once and frees itself; only `spawn` makes one.
struct TaskGroup::Detached {
    struct promise_type {
        Detached get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept { std::terminate(); }
    };
};

TaskGroup::TaskGroup(std::string name, OnException on_exception) : name_(std::move(name)), on_exception_(std::move(on_exception)) {}

TaskGroup::~TaskGroup() { assert(running_ == 0); }

void TaskGroup::spawn(Task<void> task) {
    ++running_;
    run(*this, std::move(task));
}

TaskGroup::Detached TaskGroup::run(TaskGroup& group, Task<void> task) {
    {
        // The task's frame, and with it all it holds, is gone before the group counts it as finished.
        const Task<void> running = std::move(task);
        try {
            co_await running;
        } catch (...) {
            group.on_exception_(group.name_, std::current_exception());
        }
    }
    group.finished();
}

void TaskGroup::finished() noexcept {
    if (--running_ == 0 && joining_) std::exchange(joining_, {}).resume();
}

}  // namespace parley
