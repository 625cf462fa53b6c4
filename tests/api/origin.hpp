// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/api_test.hpp"

#include <fmt/format.h>
#include <string>
#include <vector>

/// The origin's routes where Parley has rules of its own (api.md section 7); tests/interop/origin_*_test.cpp hold the rest to a Django project.
namespace parley::testing {

class OriginApi : public ApiTest {
protected:
    /// Calls an origin's route with the user's token.
    static Answer call(ApiClient& user, std::string_view method, std::string_view target, std::string_view body = {}) {
        Fields fields;
        if (!user.token.empty()) fields.emplace_back("Authorization", "Bearer " + user.token);
        if (!body.empty()) fields.emplace_back("Content-Type", "application/json");
        return user.http.request(method, target, fields, body);
    }
    static std::int64_t make_group(ApiClient& owner, const std::string& name) {
        const auto answer = call(owner, "POST", "/api/groups/create/", fmt::format(R"({{"name": "{}"}})", name));
        EXPECT_STATUS(answer, 200);
        return answer["group_id"].integer();
    }
    static void join(ApiClient& user, std::int64_t group) { EXPECT_STATUS(call(user, "POST", fmt::format("/api/groups/{}/join/", group)), 200); }
    static SocketClient::Options to_group(const ApiClient& user, const std::string& name) {
        return {.target = "/ws/chat/" + name + "/", .subprotocol = "", .fields = {{"Authorization", "Bearer " + user.token}}};
    }
    static SocketClient open_group(const ApiClient& user, const std::string& name) { return {user.http.address(), to_group(user, name)}; }
    static int refusal(const ApiClient& user, const std::string& name) { return open_group(user, name).handshake().status; }
    static std::vector<std::string> texts_of(const Answer& page) { return texts(page["results"].items(), "message"); }
};

}  // namespace parley::testing
