// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/history.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace parley::faults {

/// Where clients learn that the server is there, that its end is near, and that the run is over; and where whoever kills it learns what they do.
/// Used by all threads of a run.
class Stage {
public:
    /// One start of the server.
    struct Life {
        std::uint64_t number = 0;  // 1, 2, 3, …
        std::string address;
    };

    /// The server is ready.
    void open(const std::string& address);
    /// From now on the server may end at any moment; what clients lose is explained. Wakes nobody.
    void doom();
    /// The server is gone.
    void close();
    /// Authors rest until `go_on`.
    void pause();
    void go_on();
    /// The network or the server misbehaves, and then no more. What clients lose until shortly after is explained; they go on in the same life.
    void begin_trouble();
    void end_trouble();
    /// Whether it does, or did a moment ago.
    bool troubled();
    /// When it did, so far.
    std::vector<Span> troubles();
    /// Clients end what they are at; the server stays as it is.
    void finish();

    /// The next life after number `seen`; nothing when the run is over.
    std::optional<Life> next_life(std::uint64_t seen);
    /// Whether clients are to go on with this life.
    bool alive(std::uint64_t number);
    /// As `alive`, but waits while authors rest.
    bool may_write(std::uint64_t number);
    /// Waits until this life ends or time has passed; true if it goes on.
    bool rest(std::uint64_t number, std::chrono::milliseconds time);
    /// Whether the end of this life was said, or is said within `limit`.
    bool ends_within(std::uint64_t number, std::chrono::milliseconds limit);

    /// An author was told that something holds.
    void acknowledged();
    /// Waits until so many more have been acknowledged; false if that takes longer than `limit`.
    bool wait_for_acknowledgements(std::uint64_t more, std::chrono::milliseconds limit);
    std::uint64_t acknowledgements() const noexcept { return acknowledged_; }

private:
    bool goes_on(std::uint64_t number) const { return up_ && !finished_ && life_.number == number; }

    std::mutex mutex_;
    std::condition_variable changed_;
    Life life_;
    bool up_ = false, doomed_ = false, paused_ = false, finished_ = false, troubled_ = false;
    std::chrono::steady_clock::time_point calm_since_;
    std::vector<Span> troubles_;
    std::atomic<std::uint64_t> acknowledged_ = 0, awaited_ = 0;
};

}  // namespace parley::faults
