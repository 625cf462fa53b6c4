// SPDX-License-Identifier: Apache-2.0
#include "core/worker_pool.hpp"

#include <pthread.h>

namespace parley {

WorkerPool::WorkerPool(std::string name, std::size_t threads, std::size_t queue_limit) : name_(std::move(name)), queue_limit_(queue_limit) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

WorkerPool::~WorkerPool() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
}

bool WorkerPool::enqueue(Work& work) {
    {
        const std::scoped_lock lock{mutex_};
        if (queued_ >= queue_limit_) return false;
        queue_.push(work);
        ++queued_;
    }
    wake_.notify_one();
    return true;
}

std::size_t WorkerPool::queued() const {
    const std::scoped_lock lock{mutex_};
    return queued_;
}

void WorkerPool::work(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), name_.substr(0, 15).c_str());
    std::unique_lock lock{mutex_};
    while (wake_.wait(lock, stop, [this] { return !queue_.empty(); })) {
        auto& next = queue_.pop();
        --queued_;
        lock.unlock();
        next.run();
        lock.lock();
    }
}

}  // namespace parley
