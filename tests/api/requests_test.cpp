// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

#include <regex>

namespace parley::testing {
namespace {

/// api.md section 1: paths, methods, header fields.
class Requests : public ApiTest {};

TEST_F(Requests, ATrailingSlashMeansTheSame) {
    auto ann = sign_up("ann");
    EXPECT_EQ(ann.get("/users/me/")["id"], ann.id);
    EXPECT_STATUS(ann.post("/auth/ticket/"), 200);
}

TEST_F(Requests, AnUnknownPathIs404) {
    EXPECT_PROBLEM(anonymous().get("/no/such/thing"), 404, "not_found");
    EXPECT_EQ(anonymous().http.request("GET", "/api/v2/users").status, 404);
}

TEST_F(Requests, AMethodTheResourceDoesNotHaveIs405AndNamesThoseItHas) {
    const auto answer = sign_up("ann").remove("/users/me");
    EXPECT_PROBLEM(answer, 405, "method_not_allowed");
    const auto allow = answer.field("allow");
    for (const auto* verb : {"GET", "HEAD", "PATCH", "OPTIONS"}) EXPECT_TRUE(allow.contains(verb)) << allow;
    EXPECT_FALSE(allow.contains("DELETE")) << allow;
}

TEST_F(Requests, AMethodNobodyKnowsIs501) { EXPECT_EQ(anonymous().send("BREW", "/users/me", {}).status, 501); }

TEST_F(Requests, OptionsTellsTheMethodsWithoutASignIn) {
    const auto answer = anonymous().send("OPTIONS", "/users/me", {});
    EXPECT_EQ(answer.status, 204) << answer;
    EXPECT_TRUE(answer.field("allow").contains("PATCH")) << answer.field("allow");
}

TEST_F(Requests, HeadIsGetWithoutItsBody) {
    auto ann = sign_up("ann");
    const auto got = ann.get("/users/me");
    const auto head = ann.head("/users/me");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(head.field("content-length"), got.field("content-length"));
    EXPECT_EQ(head.field("content-type"), got.field("content-type"));
    EXPECT_STATUS(ann.get("/users/me"), 200) << "the connection is still good";
}

TEST_F(Requests, HeadOfAProblemHasNoBodyEither) {
    auto nobody = anonymous();
    EXPECT_EQ(nobody.head("/users/me").status, 401);
    EXPECT_EQ(nobody.get("/users/me").status, 401);
}

TEST_F(Requests, EveryAnswerHasItsOwnRequestId) {
    auto nobody = anonymous();
    const auto first = nobody.get("/users/me"), second = nobody.get("/nothing"), third = nobody.http.request("GET", "/livez");
    for (const auto* answer : {&first, &second, &third}) EXPECT_FALSE(answer->field("x-request-id").empty()) << *answer;
    EXPECT_NE(first.field("x-request-id"), second.field("x-request-id"));
}

TEST_F(Requests, UnknownQueryParametersAreIgnored) { EXPECT_STATUS(sign_up("ann").get("/users/me?colour=blue&x"), 200); }

TEST_F(Requests, ATokenInTheUrlIsRefused) {
    auto ann = sign_up("ann");
    const auto token = std::exchange(ann.token, {});
    for (const auto* name : {"access_token", "token"}) {
        EXPECT_PROBLEM(ann.get("/users/me?" + std::string{name} + '=' + token), 400, "token_in_url");
    }
    ann.token = token;
    EXPECT_PROBLEM(ann.get("/users/me?access_token=" + token), 400, "token_in_url");
}

TEST_F(Requests, ATokenThatIsNoneIs401) {
    auto ann = sign_up("ann");
    for (const auto& value : {std::string{"Bearer nonsense"}, std::string{"Bearer"}, "Basic " + ann.token, "Bearer " + ann.token + "x", ann.token}) {
        const auto answer = anonymous().send("GET", "/users/me", {{"Authorization", value}});
        EXPECT_EQ(answer.status, 401) << value << ' ' << answer;
    }
}

TEST_F(Requests, TheSchemeOfTheTokenMayHaveAnyCase) {
    auto ann = sign_up("ann");
    EXPECT_STATUS(ann.send("GET", "/users/me", {{"Authorization", "bearer " + ann.token}}), 200);
}

TEST_F(Requests, ARefreshTokenOpensNothing) {
    auto ann = sign_up("ann");
    EXPECT_EQ(ann.send("GET", "/users/me", {{"Authorization", "Bearer " + ann.refresh_token}}).status, 401);
}

TEST_F(Requests, TimesAreRfc3339WithMilliseconds) {
    const auto at = sign_up("ann").get("/users/me")["created_at"].string();
    EXPECT_TRUE(std::regex_match(at, std::regex{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"})) << at;
}

TEST_F(Requests, AnswersAreNotSniffedNotFramedAndNotStored) {
    const auto answer = sign_up("ann").get("/users/me");
    EXPECT_EQ(answer.field("x-content-type-options"), "nosniff");
    EXPECT_TRUE(answer.field("cache-control").contains("no-store")) << answer.field("cache-control");
    EXPECT_FALSE(answer.field("referrer-policy").empty());
    EXPECT_TRUE(answer.field("x-frame-options") == "DENY" || answer.field("content-security-policy").contains("frame-ancestors"));
    EXPECT_EQ(answer.field("server"), "") << "which version runs is nobody's business";
}

TEST_F(Requests, ASecondHostOrNoneIsRefused) {
    HttpClient client{server().address()};
    client.send("GET /livez HTTP/1.1\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 400);
    client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 400);
}

TEST_F(Requests, AHostThatIsNotOursIsMisdirected) {
    const auto answer = anonymous().send("GET", "/users/me", {{"Host", "evil.example"}});
    EXPECT_PROBLEM(answer, 421, "misdirected");
    const auto port = server().address().substr(server().address().rfind(':'));
    EXPECT_EQ(anonymous().send("GET", "/users/me", {{"Host", "localhost" + port}}).status, 401) << "localhost is known";
    EXPECT_EQ(anonymous().send("GET", "/users/me", {{"Host", "localhost:1"}}).status, 421) << "a port must be the right one";
}

TEST_F(Requests, PipelinedRequestsAreAnsweredInOrder) {
    auto ann = sign_up("ann");
    auto& http = ann.http;
    const Fields signed_in{{"Authorization", "Bearer " + ann.token}};
    http.send(request_head("GET", "/api/v1/users/me", server().address(), signed_in, 0) + request_head("GET", "/livez", server().address(), {}, 0) +
              request_head("GET", "/api/v1/nothing", server().address(), {}, 0));
    EXPECT_EQ(http.read_answer()["id"], ann.id);
    EXPECT_EQ(http.read_answer().body, "ok\n");
    EXPECT_EQ(http.read_answer().status, 404);
}

TEST_F(Requests, AClientThatExpectsToBeAskedForItsBodyIsAsked) {
    HttpClient client{server().address()};
    const std::string body = R"({"username":"x"})";
    client.send(
        request_head("POST", "/api/v1/users", server().address(), {{"Content-Type", "application/json"}, {"Expect", "100-continue"}}, body.size()));
    EXPECT_EQ(client.read_answer().status, 100);
    client.send(body);
    EXPECT_EQ(client.read_answer().status, 422);
}

TEST_F(Requests, AnOldClientGetsItsAnswerAndTheEnd) {
    HttpClient client{server().address()};
    client.send("GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(client.connection().read_to_end().ends_with("ok\n"));
}

TEST_F(Requests, HeadsOverTheLimitsAreRefused) {
    EXPECT_EQ(anonymous().send("GET", "/users/me", {{"X-Long", std::string(17 * 1024, 'a')}}).status, 431);
    EXPECT_EQ(anonymous().send("GET", "/users/me", Fields(101, {"X-Many", "a"})).status, 431);
    EXPECT_EQ(anonymous().get("/users/me?" + std::string(8 * 1024, 'a')).status, 414);
    EXPECT_EQ(anonymous().get("/users/me?" + std::string(7 * 1024, 'a')).status, 401);
}

TEST_F(Requests, LengthAndChunksTogetherAreRefused) {
    HttpClient client{server().address()};
    client.send(
        "POST /api/v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 400);
}

TEST(CrossOrigin, IsRefusedUnlessTheOperatorAllowsTheOrigin) {
    TestServer server{{{"server.allowed_origins", "https://app.example"}}};
    const auto preflight = [&](const std::string& origin) {
        return server.anonymous().send(
            "OPTIONS", "/users/me",
            {{"Origin", origin}, {"Access-Control-Request-Method", "PATCH"}, {"Access-Control-Request-Headers", "authorization"}});
    };
    const auto allowed = preflight("https://app.example"), refused = preflight("https://evil.example");
    EXPECT_EQ(allowed.field("access-control-allow-origin"), "https://app.example");
    EXPECT_TRUE(allowed.field("access-control-allow-methods").contains("PATCH"));
    EXPECT_FALSE(refused.has_field("access-control-allow-origin"));
    EXPECT_EQ(server.anonymous().send("GET", "/users/me", {{"Origin", "https://app.example"}}).field("access-control-allow-origin"),
              "https://app.example");
}

}  // namespace
}  // namespace parley::testing
