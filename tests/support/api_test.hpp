// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/test_server.hpp"

#include <gtest/gtest.h>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace parley::testing {

/// A test that talks with a server which all such tests of the program share; each uses people and groups of its own. A test that needs settings,
/// the clock or a restart makes its own TestServer instead.
class ApiTest : public ::testing::Test {
protected:
    static TestServer& server();

    /// A name nobody had before in this program: "ann17".
    static std::string fresh(std::string_view name);
    /// A new user, signed in.
    static ApiClient sign_up(std::string_view name) { return server().sign_up(fresh(name)); }
    static ApiClient anonymous() { return server().anonymous(); }
    static SocketClient open_socket(const ApiClient& user) { return server().open_socket(user); }
};

/// Steps that many tests take on their way. They throw std::runtime_error when the server refuses.
std::int64_t create_group(ApiClient& owner, std::initializer_list<const ApiClient*> members = {}, std::string_view visibility = "private");
std::int64_t open_direct(ApiClient& user, const ApiClient& peer);
/// Posts a text and returns the message.
Json post_message(ApiClient& user, std::int64_t conversation, std::string_view text);

/// "/conversations/7/messages": the targets below a conversation, a group, a message.
std::string conversation_target(std::int64_t conversation, std::string_view rest = {});
std::string group_target(std::int64_t group, std::string_view rest = {});
std::string member_target(std::int64_t group, const ApiClient& member);
std::string message_target(std::int64_t conversation, std::int64_t seq, std::string_view rest = {});
/// All events of a conversation after a position, by GET …/events.
std::vector<Json> events_of(ApiClient& user, std::int64_t conversation, std::int64_t after = 0);
/// `member` of each: {"message.created", "reaction.added"} for "event".
std::vector<std::string> texts(const std::vector<Json>& items, std::string_view member);
std::vector<std::int64_t> numbers(const std::vector<Json>& items, std::string_view member);

}  // namespace parley::testing
