// SPDX-License-Identifier: Apache-2.0
#include "http/gate.hpp"

#include "http/errors.hpp"

#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <string>

namespace parley::http {
namespace {

/// The kind of the refusal, "" for a head that is taken, "incomplete" where more is wanted.
std::string answer(std::string_view bytes, HeadLimits limits = {}) {
    Gate gate{limits};
    const auto head = gate.feed(bytes);
    if (!head) return std::string{head.error().kind().code};
    return *head == nullptr ? "incomplete" : "";
}
std::string answer_to_line(const std::string& request_line) { return answer(request_line + "\r\nHost: a\r\n\r\n"); }
std::string answer_to_field(const std::string& line) { return answer("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n"); }

std::string code(const ErrorKind& kind) { return std::string{kind.code}; }

TEST(GateTest, GivesAllPartsOfARequest) {
    const std::string bytes =
        "POST /api/v1/groups?x=1 HTTP/1.1\r\nHost: chat.example:8080\r\nContent-Length: 2\r\nX-Empty:\r\nAccept: \t a, b \t\r\n\r\n{}";
    Gate gate;
    const auto head = gate.feed(bytes);
    ASSERT_OK(head);
    ASSERT_NE(*head, nullptr);
    EXPECT_EQ((*head)->bytes, std::string_view{bytes}.substr(0, bytes.size() - 2));
    EXPECT_EQ((*head)->method, "POST");
    EXPECT_EQ((*head)->target, "/api/v1/groups?x=1");
    EXPECT_EQ((*head)->minor_version, 1);
    EXPECT_EQ((*head)->host, "chat.example:8080");
    EXPECT_EQ((*head)->framing, Framing::content_length);
    EXPECT_EQ((*head)->content_length, 2U);
    EXPECT_TRUE((*head)->keep_alive);
    EXPECT_EQ((*head)->fields, (std::vector<Field>{{"Host", "chat.example:8080"}, {"Content-Length", "2"}, {"X-Empty", ""}, {"Accept", "a, b"}}));
    EXPECT_EQ((*head)->find("accept"), "a, b");
    EXPECT_EQ((*head)->find("x-empty"), "");
    EXPECT_EQ((*head)->find("cookie"), std::nullopt);
}

TEST(GateTest, WantsMoreUntilTheEmptyLine) {
    const std::string_view bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_EQ(answer(bytes.substr(0, size)), "incomplete") << size;
    EXPECT_EQ(answer(bytes), "");
}

TEST(GateTest, ReadsTheNextRequestAfterAReset) {
    const std::string_view both = "GET /1 HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\nGET /2 HTTP/1.0\r\n\r\n";
    Gate gate;
    const auto first = gate.feed(both);
    ASSERT_OK(first);
    EXPECT_EQ((*first)->target, "/1");
    const auto rest = both.substr((*first)->bytes.size());
    gate.reset();
    const auto second = gate.feed(rest);
    ASSERT_OK(second);
    EXPECT_EQ((*second)->target, "/2");
    EXPECT_TRUE((*second)->fields.empty());
    EXPECT_EQ((*second)->host, "");
    EXPECT_FALSE((*second)->keep_alive);
}

TEST(GateTest, BytesMayMoveWhileTheHeadIsIncomplete) {
    const std::string bytes = "GET /path HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
    Gate gate;
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        const std::string elsewhere = bytes.substr(0, size);
        EXPECT_EQ(gate.feed(elsewhere).value(), nullptr);
    }
    const Head* const head = gate.feed(bytes).value();
    ASSERT_NE(head, nullptr);
    EXPECT_EQ(head->target, "/path");
    EXPECT_EQ(head->fields, (std::vector<Field>{{"Host", "a"}, {"X", "y"}}));
}

TEST(GateTest, HeadMovesToACopyOfItsBytes) {
    std::string bytes = "OPTIONS http://a HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n";
    Gate gate;
    Head head = std::move(*gate.feed(bytes).value());
    const std::string copy{head.bytes};
    head.move_to(copy.data());
    bytes.assign(bytes.size(), '?');
    EXPECT_EQ(head.bytes, copy);
    EXPECT_EQ(head.method, "OPTIONS");
    EXPECT_EQ(head.target, "/");
    EXPECT_EQ(head.host, "a");
    EXPECT_EQ(head.fields, (std::vector<Field>{{"Host", "a"}, {"X", ""}}));
}

TEST(GateTest, OnlyCrLfEndsALine) {
    EXPECT_EQ(answer("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "");
    for (const std::string_view bytes :
         {"GET / HTTP/1.1\n", "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n", "GET / HTTP/1.1\r\nHost: a\r\n\n",
          "GET / HTTP/1.1\rHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n", "GET / HTTP/1.1\r\nHost: a\r\r\n", "GET / HTTP/1.1\r\r\n", "\n"})
        EXPECT_EQ(answer(bytes), code(errors::bad_request)) << bytes;
}

TEST(GateTest, OneEmptyLineBeforeTheRequestIsSkipped) {
    EXPECT_EQ(answer("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), "");
    EXPECT_EQ(answer("\r\n"), "incomplete");
    EXPECT_EQ(answer("\r\n\r\n"), code(errors::bad_request));
    EXPECT_EQ(answer("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), code(errors::bad_request));
}

TEST(GateTest, RequestLineIsMethodTargetAndVersion) {
    EXPECT_EQ(answer_to_line("GET /a HTTP/1.1"), "");
    for (const std::string line :
         {"GET", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET\t/ HTTP/1.1", "G(T / HTTP/1.1",
          "GET / HTTP/1.1 x", "GET /a b HTTP/1.1", "GET / ", "GET / HTTP/1", "GET / http/1.1", "GET / HTTP/1.10", "GET / HTTP/11", "GET / HTTPS/1.1",
          "GET / HTTP/+1.1", "GET / HTTP/1.x", "G\xC3\x8BT / HTTP/1.1"})
        EXPECT_EQ(answer_to_line(line), code(errors::bad_request)) << line;
    EXPECT_EQ(answer("GET /\r\n"), code(errors::bad_request)) << "HTTP/0.9 waits for its answer after one line";
}

TEST(GateTest, OnlyVersions10And11AreSpoken) {
    EXPECT_EQ(answer_to_line("GET / HTTP/1.0"), "");
    for (const std::string line : {"GET / HTTP/0.9", "GET / HTTP/1.2", "GET / HTTP/2.0", "GET / HTTP/3.0", "GET / HTTP/9.9"})
        EXPECT_EQ(answer_to_line(line), code(errors::unsupported_version)) << line;
    EXPECT_EQ(answer("PRI * HTTP/2.0\r\n"), code(errors::bad_request)) << "the preface of HTTP/2 is answered at once";
}

TEST(GateTest, UnknownMethodsAreNotImplementedAndDangerousOnesNotAllowed) {
    for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        EXPECT_EQ(answer_to_line(method + " / HTTP/1.1"), "") << method;
    for (const std::string line : {"TRACE / HTTP/1.1", "CONNECT a:443 HTTP/1.1"})
        EXPECT_EQ(answer_to_line(line), code(errors::method_not_allowed)) << line;
    for (const std::string method : {"get", "GETT", "PROPFIND", "X!"})
        EXPECT_EQ(answer_to_line(method + " / HTTP/1.1"), code(errors::unknown_method)) << method;
}

TEST(GateTest, TargetHasOnlyBytesOfAUrl) {
    for (const std::string target : {"/", "/a/b;c=d?e=f&g=%20%C3%A9", "/~a!$&'()*+,;=:@", "/?", "/%41", "//", "/a?b?c/d", "/a?b[]=c"})
        EXPECT_EQ(answer_to_line("GET " + target + " HTTP/1.1"), "") << target;
    for (const std::string target : {"/#", "/\"", "/<",   "/>",    "/\\", "/^",    "/`",        "/{",  "/|",    "/}",
                                     "/%", "/%4", "/%4g", "/%%41", "/a%", "/\x7F", "/\xC3\xA9", "/\t", "/{%41", "/\x01"})
        EXPECT_EQ(answer_to_line("GET " + target + " HTTP/1.1"), code(errors::bad_request)) << target;
    EXPECT_EQ(answer_to_line(std::string{"GET /\0 HTTP/1.1", 15}), code(errors::bad_request));
}

TEST(GateTest, TargetIsAPath) {
    EXPECT_EQ(answer_to_line("OPTIONS * HTTP/1.1"), "");
    for (const std::string line : {"GET * HTTP/1.1", "OPTIONS ** HTTP/1.1", "GET a HTTP/1.1", "GET ?x HTTP/1.1", "GET ftp://a/ HTTP/1.1",
                                   "GET a:80 HTTP/1.1", "GET http:/a HTTP/1.1", "GET http:// HTTP/1.1", "GET javascript:1 HTTP/1.1"})
        EXPECT_EQ(answer_to_line(line), code(errors::bad_request)) << line;
}

TEST(GateTest, AbsoluteTargetMustAgreeWithHost) {
    const auto ask = [](const std::string& target, const std::string& host) {
        return answer("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    };
    for (const auto& [target, host] : {std::pair{"http://a/x", "a"},
                                       {"HTTP://A/x", "a"},
                                       {"http://a:80/", "a"},
                                       {"http://a/", "A:80"},
                                       {"https://a/", "a:443"},
                                       {"http://[::1]:8080/", "[::1]:8080"},
                                       {"http://a", "a"}})
        EXPECT_EQ(ask(target, host), "") << target;
    for (const auto& [target, host] : {std::pair{"http://b/x", "a"}, {"http://a:81/", "a"}, {"https://a/", "a:80"}, {"http://a.b/", "a"}})
        EXPECT_EQ(ask(target, host), code(errors::misdirected)) << target;
    for (const std::string target : {"http:///x", "http://u@a/", "http://a?x", "http://a:x/", "http://a:65536/"})
        EXPECT_EQ(ask(target, "a"), code(errors::bad_host)) << target;
}

TEST(GateTest, AbsoluteTargetIsReducedToItsPath) {
    const auto read = [](std::string_view bytes) {
        Gate gate;
        const Head head = *gate.feed(bytes).value();
        return std::pair{head.target, head.host};
    };
    EXPECT_EQ(read("GET http://a:80/x?y HTTP/1.1\r\nHost: A\r\n\r\n"), (std::pair<std::string_view, std::string_view>{"/x?y", "a:80"}));
    EXPECT_EQ(read("GET http://a HTTP/1.0\r\n\r\n"), (std::pair<std::string_view, std::string_view>{"/", "a"}));
}

TEST(GateTest, FieldIsANameAColonAndAValue) {
    for (const std::string line : {"X: y", "X:y", "X:", "X: ", "X:\ty\t", "!#$%&'*+-.^_`|~: y", "X: a:b", "X: \xC3\xA9\x80\xFF", "X: a\tb"})
        EXPECT_EQ(answer_to_field(line), "") << line;
    for (const std::string line : {"X", "X : y", "X\t: y", ": y", " X: y", "\tX: y", "X\r\n y", "(X): y", "X y: z", "X\xC3: y", "X: a\x01",
                                   "X: a\x7F", "X: \x1B[0m", "\"X\": y"})
        EXPECT_EQ(answer_to_field(line), code(errors::bad_request)) << line;
    EXPECT_EQ(answer_to_field(std::string{"X: a\0b", 6}), code(errors::bad_request));
    EXPECT_EQ(answer_to_field(std::string{"X\0: a", 5}), code(errors::bad_request));
}

TEST(GateTest, HeadIsLimited) {
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const auto with_size = [&](std::size_t bytes) { return start + std::string(bytes - start.size() - 4, 'x') + "\r\n\r\n"; };
    EXPECT_EQ(answer(with_size(16 * 1024)), "");
    EXPECT_EQ(answer(with_size(16 * 1024 + 1)), code(errors::headers_too_large));
    EXPECT_EQ(answer(start + std::string(20'000, 'x')), code(errors::headers_too_large)) << "without waiting for the end";
    EXPECT_EQ(answer("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(20'000, 'x')), "") << "what follows the head does not count";
}

TEST(GateTest, FieldsAreLimited) {
    std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 99; ++i) head += "X: y\r\n";
    EXPECT_EQ(answer(head + "\r\n"), "");
    EXPECT_EQ(answer(head + "X: y\r\n"), code(errors::headers_too_large));
}

TEST(GateTest, TargetIsLimitedAsEarlyAsPossible) {
    const auto target = [](std::size_t bytes) { return "/" + std::string(bytes - 1, 'x'); };
    EXPECT_EQ(answer_to_line("GET " + target(8192) + " HTTP/1.1"), "");
    EXPECT_EQ(answer_to_line("GET " + target(8193) + " HTTP/1.1"), code(errors::uri_too_long));
    EXPECT_EQ(answer("GET " + target(8192)), "incomplete");
    EXPECT_EQ(answer("GET " + target(8193)), code(errors::uri_too_long));
    EXPECT_EQ(answer("GET " + target(8192) + " HTTP/1.1\r"), "incomplete");
    EXPECT_EQ(answer("GET " + target(8192) + " HTTP/1.1xx"), code(errors::bad_request));
}

TEST(GateTest, WhatIsNoHttpIsRefusedBeforeALineIsComplete) {
    EXPECT_EQ(answer("\x16\x03\x01\x02"), code(errors::bad_request)) << "TLS";
    EXPECT_EQ(answer(std::string{"\0\0\0\x1F", 4}), code(errors::bad_request));
    EXPECT_EQ(answer(std::string(32, 'A')), "incomplete");
    EXPECT_EQ(answer(std::string(33, 'A')), code(errors::unknown_method));
}

}  // namespace
}  // namespace parley::http
