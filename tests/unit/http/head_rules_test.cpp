// SPDX-License-Identifier: Apache-2.0
#include "http/head_rules.hpp"

#include "http/errors.hpp"

#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace parley::http {
namespace {

using Fields = std::vector<Field>;

/// A POST of HTTP/1.1 with a Host and these fields.
Result<Head> judge(Fields fields, std::uint8_t minor_version = 1) {
    Head head;
    head.method = "POST";
    head.target = "/";
    head.minor_version = minor_version;
    head.fields = std::move(fields);
    head.fields.push_back({"Host", "a"});
    CHECK(apply_rules(head));
    return head;
}

TEST(HeadRulesTest, BodyOfAKnownLengthIsFramedByIt) {
    for (const auto& [digits, length] : {std::pair{"0", 0ULL}, {"5", 5ULL}, {"007", 7ULL}, {"9223372036854775807", 9223372036854775807ULL}}) {
        const auto head = judge({{"Content-Length", digits}});
        ASSERT_OK(head);
        EXPECT_EQ(head->framing, Framing::content_length);
        EXPECT_EQ(head->content_length, length);
        EXPECT_EQ(head->has_body(), length > 0);
    }
}

TEST(HeadRulesTest, ContentLengthIsDigitsBelow2To63) {
    for (const char* const value : {"", "+5", "-1", "0x10", "5 5", "5,5", "5, 5", "5.0", "1e3", "9223372036854775808", "18446744073709551616",
                                    "99999999999999999999999999", "\"5\"", "5\x80"})
        EXPECT_EQ(testing::refusal(judge({{"Content-Length", value}})), errors::bad_request.code) << value;
}

TEST(HeadRulesTest, ContentLengthStandsOnce) {
    EXPECT_ERROR(judge({{"Content-Length", "5"}, {"content-length", "6"}}), errors::bad_request);
    EXPECT_ERROR(judge({{"Content-Length", "5"}, {"CONTENT-LENGTH", "5"}}), errors::bad_request);
}

TEST(HeadRulesTest, ChunkedIsTheOnlyTransferCoding) {
    for (const char* const value : {"chunked", "Chunked"}) {
        const auto head = judge({{"Transfer-Encoding", value}});
        ASSERT_OK(head);
        EXPECT_EQ(head->framing, Framing::chunked);
        EXPECT_TRUE(head->has_body());
    }
    for (const char* const value : {"xchunked", "gzip", "gzip, chunked", "identity", "chunkedx", "deflate,gzip"})
        EXPECT_EQ(testing::refusal(judge({{"Transfer-Encoding", value}})), errors::unknown_transfer_coding.code) << value;
    for (const char* const value :
         {"", "chunked, identity", "chunked, chunked", "chunked,gzip", ", chunked", "chunked;a=b", "\"chunked\"", "chun ked", "gzip, chunked, gzip"})
        EXPECT_EQ(testing::refusal(judge({{"Transfer-Encoding", value}})), errors::bad_request.code) << value;
}

TEST(HeadRulesTest, TransferEncodingStandsOnceAndAlone) {
    EXPECT_ERROR(judge({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}), errors::bad_request);
    EXPECT_ERROR(judge({{"Transfer-Encoding", "gzip"}, {"transfer-encoding", "chunked"}}), errors::bad_request);
    EXPECT_ERROR(judge({{"Transfer-Encoding", "chunked"}, {"Content-Length", "5"}}), errors::bad_request);
    EXPECT_ERROR(judge({{"Content-Length", "0"}, {"Transfer-Encoding", "xchunked"}}), errors::bad_request);
    EXPECT_EQ(testing::refusal(judge({{"Transfer-Encoding", "chunked"}}, 0)), errors::bad_request.code) << "HTTP/1.0 has none";
}

TEST(HeadRulesTest, ARequestWithoutLengthHasNoBody) {
    const auto head = judge({});
    ASSERT_OK(head);
    EXPECT_EQ(head->framing, Framing::none);
    EXPECT_FALSE(head->has_body());
}

Result<void> judge_hosts(const std::vector<std::string>& hosts, std::uint8_t minor_version = 1) {
    Head head;
    head.method = "GET";
    head.target = "/";
    head.minor_version = minor_version;
    for (const auto& host : hosts) head.fields.push_back({"Host", host});
    return apply_rules(head);
}

TEST(HeadRulesTest, ExactlyOneWellFormedHostIsGiven) {
    EXPECT_OK(judge_hosts({"a"}));
    EXPECT_ERROR(judge_hosts({}), errors::bad_host);
    EXPECT_ERROR(judge_hosts({"a", "a"}), errors::bad_host);
    EXPECT_ERROR(judge_hosts({"a", "b"}), errors::bad_host);
    EXPECT_ERROR(judge_hosts({""}), errors::bad_host);
    EXPECT_ERROR(judge_hosts({"a b"}), errors::bad_host);
}

TEST(HeadRulesTest, Http10MayLackAHost) {
    EXPECT_OK(judge_hosts({}, 0));
    EXPECT_OK(judge_hosts({"a"}, 0));
    EXPECT_ERROR(judge_hosts({"a", "a"}, 0), errors::bad_host);
    EXPECT_ERROR(judge_hosts({"a@b"}, 0), errors::bad_host);
}

TEST(HeadRulesTest, AuthorizationStandsOnce) {
    EXPECT_OK(judge({{"Authorization", "Bearer x"}}));
    EXPECT_ERROR(judge({{"Authorization", "Bearer x"}, {"authorization", "Bearer y"}}), errors::bad_request);
}

TEST(HeadRulesTest, OnlyContinueIsExpected) {
    EXPECT_TRUE(judge({{"Expect", "100-Continue"}, {"Content-Length", "1"}})->expects_continue);
    EXPECT_FALSE(judge({{"Expect", "100-continue"}})->expects_continue) << "there is no body to send";
    EXPECT_FALSE(judge({{"Expect", "100-continue"}, {"Content-Length", "1"}}, 0)->expects_continue) << "HTTP/1.0 knows no 100";
    EXPECT_FALSE(judge({{"Content-Length", "1"}})->expects_continue);
    for (const char* const value : {"", "bogus", "100-continue, bogus", "100"})
        EXPECT_EQ(testing::refusal(judge({{"Expect", value}})), errors::expectation_failed.code) << value;
    EXPECT_ERROR(judge({{"Expect", "100-continue"}, {"Expect", "100-continue"}}), errors::expectation_failed);
}

TEST(HeadRulesTest, BodyIsNotCompressed) {
    EXPECT_OK(judge({{"Content-Encoding", "Identity"}, {"Content-Length", "5"}}));
    EXPECT_EQ(testing::refusal(judge({{"Content-Encoding", "gzip"}})), "") << "there is no body";
    EXPECT_ERROR(judge({{"Content-Encoding", "gzip"}, {"Content-Length", "5"}}), errors::unsupported_content_coding);
    EXPECT_ERROR(judge({{"Content-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}}), errors::unsupported_content_coding);
    EXPECT_ERROR(judge({{"Content-Encoding", "gzip"}, {"Content-Encoding", "identity"}, {"Content-Length", "5"}}),
                 errors::unsupported_content_coding);
}

TEST(HeadRulesTest, ConnectionSaysWhetherAnotherRequestFollows) {
    EXPECT_TRUE(judge({})->keep_alive);
    EXPECT_TRUE(judge({{"Connection", "Upgrade"}})->keep_alive);
    EXPECT_FALSE(judge({{"Connection", "close"}})->keep_alive);
    EXPECT_FALSE(judge({{"Connection", "keep-alive, , CLOSE"}})->keep_alive);
    EXPECT_FALSE(judge({{"Connection", "Upgrade"}, {"Connection", "close"}})->keep_alive);
    EXPECT_FALSE(judge({}, 0)->keep_alive);
    EXPECT_TRUE(judge({{"Connection", "keep-alive"}}, 0)->keep_alive);
    EXPECT_FALSE(judge({{"Connection", "keep-alive, close"}}, 0)->keep_alive);
    EXPECT_ERROR(judge({{"Connection", "keep alive"}}), errors::bad_request);
}

}  // namespace
}  // namespace parley::http
