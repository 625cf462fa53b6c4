// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

class WholeServer : public ApiTest {};

TEST_F(WholeServer, CarriesAMessageFromOneToAnother) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = create_group(ann, {&bob});
    auto inbox = open_socket(bob);
    EXPECT_EQ(inbox.wait_for_type("hello")["user_id"], bob.id);
    EXPECT_EQ(post_message(ann, group, "hi")["text"], "hi");
    EXPECT_EQ(inbox.wait_for_event("message.created")["data"]["message"]["text"], "hi");
}

TEST(Restart, KeepsAccountsSessionsAndMessages) {
    TestServer server;
    auto ann = server.sign_up("ann");
    const auto group = create_group(ann);
    post_message(ann, group, "kept");
    server.restart();
    EXPECT_EQ(ann.get(conversation_target(group))["last_message"]["text"], "kept");
    EXPECT_EQ(server.file_with("nowhere to be found"), "");
    EXPECT_TRUE(server.log().contains("\"message\":\"ready\"")) << server.log();
}

}  // namespace
}  // namespace parley::testing
