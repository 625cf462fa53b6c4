// SPDX-License-Identifier: Apache-2.0
#include "trust/server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <functional>
#include <vector>

/// trust.md section 3, cases 1 to 25: HTTP framing and what proxies say.
namespace parley::trust {
namespace {

struct Case {
    int number;
    std::string what;
    std::string bytes;
    std::vector<int> statuses;  // any of them; 0: the connection is closed without an answer
    bool closes = false;
};

std::ostream& operator<<(std::ostream& out, const Case& it) { return out << it.number << ", " << it.what; }

const std::string host = "Host: 127.0.0.1\r\n";

std::string get(std::string_view target, std::string_view fields = "") { return fmt::format("GET {} HTTP/1.1\r\n{}{}\r\n", target, host, fields); }

/// A sign-up as a second request, which must not be executed where it hides in the first.
std::string hidden_sign_up() {
    const std::string body = R"({"username": "smuggled", "password": "violet-kettle-42"})";
    return fmt::format("POST /api/v1/users HTTP/1.1\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", host, body.size(), body);
}

std::string post(std::string_view fields, std::string_view rest) {
    return fmt::format("POST /api/v1/auth/token HTTP/1.1\r\n{}Content-Type: application/json\r\n{}\r\n{}", host, fields, rest);
}

std::vector<Case> framing() {
    const auto hidden = hidden_sign_up();
    return {
        {1, "two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}" + hidden), {400}, true},
        {2, "a length twice", post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}" + hidden), {400}, true},
        {3, "length and chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden), {400}, true},
        {4, "an unknown coding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + hidden), {400, 501}, true},
        {4, "chunked, and not last", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n" + hidden), {400, 501}, true},
        {4, "chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden), {400, 501}, true},
        {5, "a sign before the length", post("Content-Length: +5\r\n", "{}   " + hidden), {400}, true},
        {5, "a length below zero", post("Content-Length: -1\r\n", hidden), {400}, true},
        {5, "a length in hex", post("Content-Length: 0x10\r\n", hidden), {400}, true},
        {5, "two numbers", post("Content-Length: 5 5\r\n", hidden), {400}, true},
        {5, "2^64", post("Content-Length: 18446744073709551616\r\n", hidden), {400}, true},
        {6, "a chunk of 2^63", post("Transfer-Encoding: chunked\r\n", "8000000000000000\r\n{}"), {400, 413}, true},
        {6,
         "a long chunk extension",
         post("Transfer-Encoding: chunked\r\n", "2;" + std::string(2000, 'x') + "\r\n{}\r\n0\r\n\r\n"),
         {400, 413},
         true},
        {6, "a chunk size that is none", post("Transfer-Encoding: chunked\r\n", "2g\r\n{}\r\n0\r\n\r\n"), {400}, true},
        {7, "a bare LF", "GET /livez HTTP/1.1\nHost: 127.0.0.1\n\n", {400}, true},
        {7, "a bare CR", "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\rX: y\r\n\r\n", {400}, true},
        {7, "a folded line", get("/livez", "X: a\r\n b\r\n"), {400}, true},
        {7, "white space before the colon", get("/livez", "X : a\r\n"), {400}, true},
        {8, "a NUL in a value", get("/livez", std::string{"X: a"} + '\0' + "b\r\n"), {400}, true},
        {8, "a control character in a name", get("/livez", "X\x01: a\r\n"), {400}, true},
        {9, "a head above 16 KiB", get("/livez", "X: " + std::string(17'000, 'x') + "\r\n"), {431}, true},
        {10, "a target above 8 KiB", get("/" + std::string(9000, 'x')), {414}, true},
        {11, "two hosts", get("/livez", "Host: other\r\n"), {400}, true},
        {11, "no host", "GET /livez HTTP/1.1\r\n\r\n", {400}, true},
        {11, "a bad host", "GET /livez HTTP/1.1\r\nHost: a/b\r\n\r\n", {400}, true},
        {11, "a stranger's host", "GET /api/v1/users/me HTTP/1.1\r\nHost: evil.example\r\n\r\n", {421}},
        {12, "another host in the target", "GET http://evil.example/api/v1/users/me HTTP/1.1\r\n" + host + "\r\n", {400, 421}},
        {13, "TRACE", "TRACE /livez HTTP/1.1\r\n" + host + "\r\n", {405, 501}},
        {13, "CONNECT", "CONNECT 127.0.0.1:22 HTTP/1.1\r\n" + host + "\r\n", {400, 405, 501}},
        {13, "a method of nobody", "BREW /livez HTTP/1.1\r\n" + host + "\r\n", {405, 501}},
        {14, "HTTP/0.9", "GET /livez\r\n\r\n", {400, 505}, true},
        {14, "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 501, 505}, true},
        {14, "a version nobody has", "GET /livez HTTP/9.9\r\n" + host + "\r\n", {400, 505, 501}, true},
        {16, "a length above the limit", post("Content-Length: 1000000\r\n", ""), {413}, true},
        {16,
         "chunks above the limit",
         post("Transfer-Encoding: chunked\r\n", "50000\r\n" + std::string(0x50000, ' ') + "\r\n0\r\n\r\n"),
         {413},
         true},
        {17, "an expectation nobody has", post("Expect: bogus\r\nContent-Length: 2\r\n", "{}"), {417}},
        {18, "a compressed body", post("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"), {415}},
        {20, "dots in escapes", get("/api/v1/%2e%2e%2f%2e%2e%2fetc/passwd"), {400, 401, 404}},
        {20, "a NUL in the path", get("/api/v1/users/%00"), {400, 404}},
        {20, "an overlong slash", get("/api/v1/users/%c0%ae"), {400, 404}},
        {20, "two slashes", get("//etc/passwd"), {400, 404}},
        {20, "a backslash", get("/swagger/..\\..\\etc\\passwd"), {400, 404}},
        {20, "half an escape", get("/api/v1/users/%2"), {400, 404}},
        {22, "another method in a header field", get("/api/v1/users/me", "X-HTTP-Method-Override: DELETE\r\n"), {401}},
    };
}

class Framing : public ::testing::TestWithParam<Case> {};

TEST_P(Framing, IsAnsweredAsItShould) {
    const auto& it = GetParam();
    const auto told = say(it.bytes);
    EXPECT_TRUE(std::ranges::find(it.statuses, told.answer.status) != it.statuses.end()) << it << ": " << told.answer;
    if (it.closes) EXPECT_TRUE(told.closed) << it;
    if (told.answer.status >= 400) EXPECT_TRUE(told.answer.field("content-type").starts_with("application/problem+json")) << told.answer;
    EXPECT_FALSE(told.answer.body.contains("evil.example")) << "what was sent is not echoed";
    EXPECT_TRUE(answers_well());
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Framing, ::testing::ValuesIn(framing()), [](const auto& info) {
    std::string name = fmt::format("C{:02}_", info.param.number);
    for (const char c : info.param.what) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    return name + fmt::format("_{}", info.index);
});

/// After all of Framing: nothing that hid in another request was done.
TEST(FramingAfterwards, NoHiddenRequestWasExecuted) {
    for (const auto& it : framing()) say(it.bytes);
    ApiClient nobody{server().address()};
    EXPECT_EQ(nobody.post("/users", {{"username", "smuggled"}, {"password", "violet-kettle-42"}}).status, 201);
}

TEST_F(Catalogue, C09_AHundredAndOneFields) {
    std::string fields;
    for (int i = 0; i < 101; ++i) fields += fmt::format("X-{}: y\r\n", i);
    EXPECT_EQ(say(get("/livez", fields)).answer.status, 431);
}

TEST_F(Catalogue, C15_AHeadOrABodyThatDoesNotComeIs408) {
    Connection head{server().address()}, body{server().address()};
    head.send("GET /livez HTTP/1.1\r\nHost: 127");
    body.send(post("Content-Length: 10\r\n", "{"));
    EXPECT_TRUE(head.read_to_end().starts_with("HTTP/1.1 408"));
    EXPECT_TRUE(body.read_to_end().starts_with("HTTP/1.1 408"));
}

TEST_F(Catalogue, C19_AThousandPipelinedRequestsAreAnsweredInOrder) {
    Connection connection{server().address()};
    std::string all;
    for (int i = 0; i < 1000; ++i) all += get(i % 2 == 0 ? "/livez" : "/nothing");
    all += get("/livez", "Connection: close\r\n");
    connection.send(all);
    const auto text = connection.read_to_end();
    std::string order;
    for (auto at = text.find("HTTP/1.1 "); at != std::string::npos; at = text.find("HTTP/1.1 ", at + 1)) order += text[at + 9];
    std::string expected;
    for (int i = 0; i < 500; ++i) expected += "24";
    EXPECT_EQ(order, expected + "2");
}

TEST_F(Catalogue, C21_RangesThatAreTooManyOrTooFar) {
    const auto file = ann().send_form("/files", {{.name = "file", .content = std::string(1000, 'x'), .filename = "x"}})["id"].integer();
    const auto target = fmt::format("/files/{}/content", file);
    const auto ranged = [&](const std::string& range) { return ann().send("GET", target, {{"Range", range}}); };
    std::string many = "bytes=0-0";
    for (int i = 1; i < 1000; ++i) many += fmt::format(",{}-{}", i, i);
    for (const auto& range : {many, std::string{"bytes=0-,0-"}, std::string{"bytes=0-5,3-9"}}) {
        const auto answer = ranged(range);
        EXPECT_TRUE(answer.status == 416 || answer.status == 200 || answer.status == 206) << range << ' ' << answer.status;
        EXPECT_LE(answer.body.size(), 1000U);
    }
    EXPECT_EQ(ranged("bytes=1000-").status, 416);
    EXPECT_EQ(ranged("bytes=5-2").status, 200) << "no range, so the field is ignored (RFC 9110 section 14.2)";
}

TEST_F(Catalogue, C23_25_WhatAStrangerSaysOfProxiesIsNotBelieved) {
    for (const auto* fields : {"X-Forwarded-For: 1.2.3.4\r\n", "X-Forwarded-For: , ,\r\n", "X-Forwarded-For: [::\r\n", "Forwarded: for=\"[::1\r\n",
                               "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n"}) {
        const auto answer = ann().http.request("GET", "/api/v1/users/me", {{"Authorization", "Bearer " + ann().token}});
        EXPECT_EQ(answer.status, 200);
        const auto told = say(get("/livez", fields));
        EXPECT_EQ(told.answer.status, 200) << fields;
        EXPECT_FALSE(told.answer.body.contains("evil")) << told.answer;
    }
    EXPECT_EQ(say(get("/livez", "X-Forwarded-For: " + std::string(10'000, '1') + "\r\n")).answer.status, 200);
}

}  // namespace
}  // namespace parley::trust
