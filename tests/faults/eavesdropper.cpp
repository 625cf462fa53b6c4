// SPDX-License-Identifier: Apache-2.0
#include "faults/eavesdropper.hpp"

#include "faults/author.hpp"
#include "faults/events.hpp"

#include <fmt/format.h>

namespace parley::faults {
namespace {

constexpr std::chrono::milliseconds between_pages{100};

}  // namespace

void Eavesdropper::listen(testing::SocketClient& socket) {
    const auto end = testing::moment() + between_pages;
    while (testing::moment() < end) {
        const auto text = next_text(socket, between_pages);
        if (!text) return;
        const auto frame = testing::Json::parse(*text);
        if (frame["type"] == "event" && frame["conversation_id"] == conversation_) note(frame["seq"].integer(), moment_ns());
    }
}

/// A page may have been made at any time since it was asked for.
void Eavesdropper::ask(testing::ApiClient& api) {
    const auto asked = moment_ns();
    const auto page = api.get(fmt::format("/conversations/{}/events?limit=1", conversation_));
    if (page.status == 200) note(page["items"][0]["seq"].integer(), asked);
}

void Eavesdropper::live(const Stage::Life& life) {
    auto api = account_.at(life.address);
    auto socket = testing::SocketClient::with_token(life.address, account_.token);
    const auto epoch = socket.wait_for_type("hello")["epoch"].string();
    while (stage().alive(life.number)) {
        const boost::json::object positions{{std::to_string(conversation_), 0}};
        socket.send({{"type", "resume"}, {"id", 1}, {"epoch", epoch}, {"positions", positions}});
        listen(socket);
        ask(api);
    }
}

}  // namespace parley::faults
