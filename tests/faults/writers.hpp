// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/author.hpp"
#include "faults/client.hpp"
#include "support/socket_client.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace parley::faults {

/// Does an author's action by HTTP.
Said perform(testing::ApiClient& api, const Action& action);
/// What an answer means: 2xx holds, 5xx may hold or not, anything else does not.
Outcome outcome_of(const testing::Answer& answer);

/// A user who writes, by HTTP, one action at a time.
class HttpWriter final : public Client {
public:
    HttpWriter(const Account& account, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage,
               std::chrono::milliseconds between_actions = {});

    void settle(const std::string& address) override;
    History take_history() override { return std::move(author_.history()); }

private:
    void live(const Stage::Life& life) override;
    void complain(std::string what) override { author_.history().surprises.push_back(std::move(what)); }
    void act(testing::ApiClient& api, const Action& action);

    const Account account_;
    const std::chrono::milliseconds between_actions_;
    Author author_;
};

/// A user who writes by socket, several actions at once, and watches what comes live.
class SocketWriter final : public Client {
public:
    SocketWriter(const Account& account, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage);

    void settle(const std::string& address) override;
    History take_history() override { return std::move(author_.history()); }

private:
    void live(const Stage::Life& life) override;
    void complain(std::string what) override { author_.history().surprises.push_back(std::move(what)); }
    void act(testing::SocketClient& socket, int actions);
    void read_one(testing::SocketClient& socket);
    void note_event(const testing::Json& event, const std::string& bytes);

    const Account account_;
    Author author_;
    std::int64_t last_id_ = 0;
    std::map<std::int64_t, Action> open_;         // by the frame's id
    std::map<std::int64_t, std::size_t> stream_;  // of a conversation on this connection, in the history
};

}  // namespace parley::faults
