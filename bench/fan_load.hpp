// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialect.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::bench {

/// The members of one group, connected and subscribed.
class Audience {
public:
    /// The last `silent` of the members never read. Throws std::runtime_error.
    Audience(Dialect& dialect, std::uint16_t port, std::size_t members, std::size_t silent = 0);
    Audience(const Audience&) = delete;
    Audience& operator=(const Audience&) = delete;
    ~Audience();

    struct Load {
        std::size_t in_flight = 1;  // so many are sent at once, and the next ones when everybody has all of them
        std::size_t text_bytes = 64;
        std::string_view text = {};  // what follows the number of a message, instead of zeros before it up to `text_bytes`
        std::chrono::milliseconds warm_up{300}, measured{2000};
        std::function<void()> on_begin, on_end;
    };
    struct Figures {
        std::int64_t messages = 0, deliveries = 0, bytes = 0;
        double seconds = 0;
        double p50_ms = 0, p99_ms = 0;  // from sending to the last delivery of all that were sent at once
    };
    /// The first member sends, everybody who reads receives. Throws std::runtime_error if something does not arrive within 20 s.
    Figures run(const Load& load);

private:
    struct Member {
        Connection connection;
        std::string rest;
    };
    void send_some(const Load& load);
    void receive_all(std::size_t expected);
    std::size_t receive(Member& member);

    Dialect& dialect_;
    int poll_;
    std::vector<std::unique_ptr<Member>> members_;
    std::size_t reading_ = 0;
    std::vector<char> scratch_;
    std::string out_;
    std::uint64_t sent_ = 0;
    std::int64_t received_bytes_ = 0;
};

}  // namespace parley::bench
