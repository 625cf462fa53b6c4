// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace parley {

/// A piece of work in somebody's queue. It is a link of the list itself, so that queueing allocates nothing; its owner keeps it alive until it ran.
class Work {
public:
    Work() = default;
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    virtual void run() = 0;
    /// Instead of `run`, when the executor ends first: for work that owns itself.
    virtual void drop() noexcept {}

protected:
    ~Work() = default;

private:
    friend class WorkList;
    Work* next_ = nullptr;
};

/// A queue of work, first in first out. Moving and joining lists costs the same for any length.
class WorkList {
public:
    WorkList() = default;
    WorkList(WorkList&& other) noexcept : first_(std::exchange(other.first_, nullptr)), last_(std::exchange(other.last_, nullptr)) {}
    WorkList& operator=(WorkList&& other) noexcept {
        first_ = std::exchange(other.first_, nullptr);
        last_ = std::exchange(other.last_, nullptr);
        return *this;
    }
    ~WorkList() = default;

    bool empty() const noexcept { return first_ == nullptr; }

    void push(Work& work) noexcept {
        work.next_ = nullptr;
        (last_ ? last_->next_ : first_) = &work;
        last_ = &work;
    }

    void append(WorkList&& other) noexcept {
        if (other.empty()) return;
        (last_ ? last_->next_ : first_) = other.first_;
        last_ = other.last_;
        other.first_ = other.last_ = nullptr;
    }

    Work& pop() noexcept {
        Work& work = *first_;
        first_ = work.next_;
        if (!first_) last_ = nullptr;
        return work;
    }

private:
    Work* first_ = nullptr;
    Work* last_ = nullptr;
};

/// Work that calls `body` once and frees itself, for what no object waits for: `executor.post(once([…] { … }))`.
template <class Body>
Work& once(Body body) {
    class Once final : public Work {
    public:
        explicit Once(Body what) : body_(std::move(what)) {}
        void run() override {
            const std::unique_ptr<Once> self{this};
            body_();
        }
        void drop() noexcept override { const std::unique_ptr<Once> self{this}; }

    private:
        Body body_;
    };
    return *std::make_unique<Once>(std::move(body)).release();
}

/// A thread that runs work in the order it was posted: a shard, or a test's loop. Every coroutine belongs to the executor it was started on.
class Executor {
public:
    Executor() = default;
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// Adds work from any thread; wakes the executor if it sleeps.
    virtual void post(WorkList&& work) = 0;
    void post(Work& work) {
        WorkList list;
        list.push(work);
        post(std::move(list));
    }

    /// The executor whose thread this is. Awaitables read it to know where to resume; nothing else may.
    static Executor* current() noexcept { return current_; }

protected:
    ~Executor() = default;
    static void set_current(Executor* executor) noexcept { current_ = executor; }

private:
    static thread_local constinit Executor* current_;
};

/// Work for several executors, gathered so that each is woken once.
class Postbag {
public:
    void add(Executor& executor, Work& work) { list_for(executor).push(work); }
    /// Posts everything and is empty again.
    void deliver();

private:
    WorkList& list_for(Executor& executor);
    std::vector<std::pair<Executor*, WorkList>> lists_;
};

}  // namespace parley
