// SPDX-License-Identifier: Apache-2.0
#include "faults/client.hpp"

namespace parley::faults {
namespace {

/// A connection may end a little before whoever kills has said so, never much.
constexpr std::chrono::seconds explained_within{2};

}  // namespace

testing::ApiClient Account::at(const std::string& address) const {
    testing::ApiClient client{address};
    client.username = username;
    client.id = id;
    client.token = token;
    return client;
}

void Client::start() {
    thread_ = std::thread{[this] { run(); }};
}

void Client::join() {
    if (thread_.joinable()) thread_.join();
}

void Client::run() {
    std::uint64_t seen = 0;
    while (const auto life = stage_.next_life(seen)) {
        seen = life->number;
        try {
            live(*life);
        } catch (const std::exception& exception) {
            if (stage_.troubled()) {
                --seen;
                continue;
            }
            if (stage_.ends_within(seen, explained_within)) continue;
            complain(name_ + ": " + exception.what());
            --seen;  // the server is still there: go on with it
        }
    }
}

}  // namespace parley::faults
