// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

#include <stdexcept>

namespace parley::testing {
namespace {

const Answer& require(const Answer& answer, int lowest, int highest) {
    if (answer.status < lowest || answer.status > highest)
        throw std::runtime_error("a step on the way failed: " + std::to_string(answer.status) + ' ' + answer.body);
    return answer;
}

/// One server for the program: begun by the first test that asks, ended after the last.
class SharedServer final : public ::testing::Environment {
public:
    TestServer& get() {
        if (!server_) server_ = std::make_unique<TestServer>();
        return *server_;
    }
    void TearDown() override {
        if (!server_) return;
        const auto metrics = HttpClient{server_->internal_address()}.request("GET", "/metrics").body;
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)  // under which everything takes a multiple
        EXPECT_TRUE(metrics.contains("\nparley_shard_holds_total 0\n")) << "a shard was held for more than 50 ms; the server's log says by what";
#endif
        server_.reset();
    }

private:
    std::unique_ptr<TestServer> server_;
};

// Googletest owns environments that are registered with it.
SharedServer* const shared = static_cast<SharedServer*>(::testing::AddGlobalTestEnvironment(std::make_unique<SharedServer>().release()));

}  // namespace

TestServer& ApiTest::server() { return shared->get(); }

std::string ApiTest::fresh(std::string_view name) {
    static std::atomic<int> count = 0;
    return std::string{name} + std::to_string(++count);
}

std::int64_t create_group(ApiClient& owner, std::initializer_list<const ApiClient*> members, std::string_view visibility) {
    boost::json::array ids;
    for (const auto* member : members) ids.emplace_back(member->id);
    static std::atomic<int> count = 0;
    const auto name = "group " + std::to_string(++count);
    return require(owner.post("/groups", {{"name", name}, {"visibility", visibility}, {"member_ids", ids}}), 201, 201)["id"].integer();
}

std::int64_t open_direct(ApiClient& user, const ApiClient& peer) {
    return require(user.post("/conversations/direct", {{"user_id", peer.id}}), 200, 201)["id"].integer();
}

Json post_message(ApiClient& user, std::int64_t conversation, std::string_view text) {
    return require(user.post(conversation_target(conversation, "/messages"), {{"text", text}}), 201, 201).json();
}

std::string conversation_target(std::int64_t conversation, std::string_view rest) {
    return "/conversations/" + std::to_string(conversation) + std::string{rest};
}

std::string group_target(std::int64_t group, std::string_view rest) { return "/groups/" + std::to_string(group) + std::string{rest}; }

std::string member_target(std::int64_t group, const ApiClient& member) { return group_target(group, "/members/" + std::to_string(member.id)); }

std::string message_target(std::int64_t conversation, std::int64_t seq, std::string_view rest) {
    return conversation_target(conversation, "/messages/" + std::to_string(seq) + std::string{rest});
}

std::vector<Json> events_of(ApiClient& user, std::int64_t conversation, std::int64_t after) {
    const auto target = conversation_target(conversation, "/events?limit=1000&after_seq=" + std::to_string(after));
    return require(user.get(target), 200, 200)["items"].items();
}

std::vector<std::string> texts(const std::vector<Json>& items, std::string_view member) {
    std::vector<std::string> all;
    for (const auto& item : items) all.push_back(item[member].string());
    return all;
}

std::vector<std::int64_t> numbers(const std::vector<Json>& items, std::string_view member) {
    std::vector<std::int64_t> all;
    for (const auto& item : items) all.push_back(item[member].integer());
    return all;
}

}  // namespace parley::testing
