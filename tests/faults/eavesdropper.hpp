// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/client.hpp"
#include "support/socket_client.hpp"

#include <cstdint>
#include <string>

namespace parley::faults {

/// Somebody who is not always a member, or never, and tries to hear a conversation: live, by resume, and by page.
class Eavesdropper final : public Client {
public:
    Eavesdropper(const Account& account, std::int64_t conversation, Stage& stage)
        : Client(account.username + " listens", stage),
          account_(account),
          conversation_(conversation) {}

    void settle(const std::string&) override {}
    History take_history() override { return std::move(history_); }

private:
    void live(const Stage::Life& life) override;
    void complain(std::string what) override { history_.surprises.push_back(std::move(what)); }
    void listen(testing::SocketClient& socket);
    void ask(testing::ApiClient& api);
    void note(std::int64_t seq, std::int64_t moment) { history_.sightings.push_back({account_.id, conversation_, seq, moment}); }

    const Account account_;
    const std::int64_t conversation_;
    History history_;
};

}  // namespace parley::faults
