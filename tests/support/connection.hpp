// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley::testing {

/// How long a client waits for anything before it throws: far above what a healthy server needs, on a machine that is busy with other things.
inline constexpr std::chrono::milliseconds patience{20'000};

/// A blocking TCP connection in which every wait has an end. What does not come in time, or comes to an end too early, throws std::runtime_error
/// with a sentence.
class Connection {
public:
    struct Options {
        /// SO_RCVBUF, for a client that reads slowly; 0 leaves it to the kernel.
        int receive_buffer_bytes = 0;
    };

    /// Connects to "127.0.0.1:8080".
    explicit Connection(const std::string& address);
    Connection(const std::string& address, Options options);
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&& other) noexcept;
    ~Connection();

    bool is_open() const noexcept { return socket_ >= 0; }
    /// Whether the other side has closed or reset; data that still waits to be read is none of an end.
    bool ended() const;

    /// Sends all of it; fails if the other side takes nothing for `limit`.
    void send(std::string_view bytes, std::chrono::milliseconds limit = patience);
    /// Says that nothing more comes (FIN); reading goes on.
    void finish_sending();
    void close() noexcept;
    /// Ends by a reset (RST), as a machine that was switched off does.
    void reset() noexcept;

    /// Everything up to and with `end`.
    std::string read_through(std::string_view end, std::chrono::milliseconds limit = patience);
    std::string read_exactly(std::size_t bytes, std::chrono::milliseconds limit = patience);
    /// Everything until the other side closes.
    std::string read_to_end(std::chrono::milliseconds limit = patience);
    /// At least one byte, or nothing if none comes within `limit`; an empty string is the end.
    std::optional<std::string> read_some(std::chrono::milliseconds limit);
    /// Whether there is something to read, or an end, within `limit`.
    bool readable(std::chrono::milliseconds limit) const;

private:
    bool fill(std::chrono::milliseconds limit);

    int socket_ = -1;
    std::string buffer_;
};

/// Whether `condition` becomes true within `limit`; looks every few milliseconds.
template <class Condition>
bool eventually(Condition&& condition, std::chrono::milliseconds limit = patience);

/// Waits a moment for something to change that tells nobody; only for `eventually`.
void pause_before_looking_again();
std::chrono::steady_clock::time_point moment();

template <class Condition>
bool eventually(Condition&& condition, std::chrono::milliseconds limit) {
    const auto end = moment() + limit;
    while (!condition()) {
        if (moment() >= end) return false;
        pause_before_looking_again();
    }
    return true;
}

}  // namespace parley::testing
