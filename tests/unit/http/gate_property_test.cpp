// SPDX-License-Identifier: Apache-2.0
#include "http/gate.hpp"

#include "support/beast_oracle.hpp"
#include "support/pieces.hpp"

#include <gtest/gtest.h>
#include <initializer_list>
#include <random>
#include <string>

namespace parley::http {
namespace {

/// Heads put together of good and bad parts, so that most rules are met from both sides.
class Heads {
public:
    explicit Heads(unsigned seed) : engine_(seed) {}

    std::string next() {
        std::string head = rarely() ? pick(line_ends) : "";
        head += pick(methods) + ' ' + pick(targets) + ' ' + pick(versions) + end();
        if (!rarely()) head += "Host: a" + end();
        for (auto count = engine_() % 4; count > 0; --count) head += pick(fields) + end();
        head += end();
        if (rarely()) head[engine_() % head.size()] = static_cast<char>(engine_() & 0xFFU);
        return head + pick(bodies);
    }

private:
    using Parts = std::initializer_list<const char*>;
    bool rarely() { return engine_() % 8 == 0; }
    std::string pick(Parts parts) { return *(parts.begin() + engine_() % parts.size()); }
    std::string end() { return engine_() % 40 == 0 ? pick(line_ends) : "\r\n"; }

    static constexpr Parts line_ends{"\r\n", "\n", "\r", "\r\n\r\n", ""};
    static constexpr Parts methods{"GET", "POST", "OPTIONS", "GET", "POST", "TRACE", "BREW", "G(T"};
    static constexpr Parts targets{"/", "/a?b=c", "/%20", "*", "http://a/b", "http://A:80", "https://b/", "//", "/%zz", "/#", "/ "};
    static constexpr Parts versions{"HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "http/1.1"};
    static constexpr Parts fields{"Content-Length: 5",
                                  "Content-Length: 0",
                                  "Content-Length: +5",
                                  "Transfer-Encoding: chunked",
                                  "Transfer-Encoding: gzip",
                                  "Connection: close",
                                  "connection: keep-alive, upgrade",
                                  "Expect: 100-continue",
                                  "X: \xC3\xA9",
                                  "X : y",
                                  " folded",
                                  "X:",
                                  "Upgrade: websocket",
                                  "Proxy-Connection: close",
                                  "Host: b",
                                  "Content-Encoding: identity",
                                  "Cookie: a=b; c=d",
                                  "Connection: ,"};
    static constexpr Parts bodies{"", "hello", "5\r\nhello\r\n0\r\n\r\n", "GET / HTTP/1.1\r\n"};

    std::minstd_rand engine_;
};

/// What the gate says, in words that can be compared.
std::string described(const Result<Head*>& answer) {
    if (!answer) return std::string{answer.error().kind().code} + ": " + std::string{answer.error().detail()};
    if (*answer == nullptr) return "incomplete";
    const auto& head = **answer;
    std::string words = std::string{head.method} + ' ' + std::string{head.target} + ' ' + std::string{head.host} + ' ';
    words += std::to_string(static_cast<int>(head.framing)) + std::to_string(head.content_length) + std::to_string(head.bytes.size());
    for (const auto& field : head.fields) words += '\n' + std::string{field.name} + '=' + std::string{field.value};
    return words;
}

std::string described_in_pieces(const std::string& bytes, unsigned seed) {
    Gate gate;
    std::size_t size = 0;
    for (const auto piece : testing::pieces(bytes, seed, seed % 2 == 0 ? 1 : 20)) {
        size += piece.size();
        const auto answer = gate.feed(std::string_view{bytes}.substr(0, size));
        if (!answer || *answer != nullptr) return described(answer);
    }
    return "incomplete";
}

TEST(GatePropertyTest, AnswerDoesNotDependOnHowTheBytesArrive) {
    Heads heads{1};
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        const auto bytes = heads.next();
        Gate gate;
        ASSERT_EQ(described_in_pieces(bytes, seed), described(gate.feed(bytes))) << bytes;
    }
}

TEST(GatePropertyTest, BeastReadsTheSameOutOfWhatTheGateTakes) {
    Heads heads{2};
    int taken = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto bytes = heads.next();
        Gate gate;
        const auto head = gate.feed(bytes);
        if (!head || *head == nullptr) continue;
        ++taken;
        ASSERT_EQ(testing::disagreement_with_beast(**head), "") << bytes;
    }
    EXPECT_GT(taken, 1000) << "the heads are too bad to prove anything";
}

}  // namespace
}  // namespace parley::http
