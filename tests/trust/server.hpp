// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/fakes.hpp"
#include "support/http_client.hpp"
#include "support/server_process.hpp"
#include "support/socket_client.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// One built server for all cases of the catalogue of bad input, and what they have in common.
namespace parley::trust {

using testing::Answer, testing::ApiClient, testing::Connection, testing::Fields, testing::Json, testing::SocketClient;

/// The server of this program, begun by the first who asks.
testing::ServerProcess& server();
/// Somebody with an account, for all cases.
ApiClient& ann();
ApiClient& bob();
/// A name nobody has.
std::string fresh(std::string_view name);
/// Whether a good request is answered now, on a new connection.
bool answers_well();
/// Memory of the server in RAM, in KiB.
std::int64_t resident_kib();

/// Bytes as they are, over a connection of their own; what comes back first.
struct Told {
    Answer answer;        // status 0: the connection ended without one
    bool closed = false;  // by the server, behind the answer
    std::string code() const { return answer["code"].is_null() ? std::string{} : answer["code"].string(); }
};
Told say(std::string_view bytes);

/// Everything a case leaves behind is looked at: memory, and that others are served.
class Catalogue : public ::testing::Test {
protected:
    void TearDown() override { EXPECT_TRUE(answers_well()) << "after this case"; }
};

}  // namespace parley::trust
