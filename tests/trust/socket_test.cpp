// SPDX-License-Identifier: Apache-2.0
#include "trust/server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <cctype>
#include <vector>

/// trust.md section 3, cases 26 to 49: what a WebSocket may not say. Frames are written byte by byte.
namespace parley::trust {
namespace {

constexpr std::string_view zero_mask{"\0\0\0\0", 4};

/// A client's frame with a mask of zeros: first byte, and a payload below 126 bytes or with a 16 bit length.
std::string frame(unsigned first, std::string_view payload) {
    std::string bytes{static_cast<char>(first)};
    if (payload.size() < 126) {
        bytes += static_cast<char>(0x80U | payload.size());
    } else {
        bytes += static_cast<char>(0x80U | 126U);
        bytes += static_cast<char>(payload.size() >> 8U);
        bytes += static_cast<char>(payload.size() & 0xFFU);
    }
    return bytes.append(zero_mask).append(payload);
}

std::string bytes_of(std::initializer_list<unsigned> values) {
    std::string bytes;
    for (const auto value : values) bytes += static_cast<char>(value);
    return bytes;
}

struct Case {
    int number;
    std::string what;
    std::string bytes;
    std::vector<int> codes;
};

std::ostream& operator<<(std::ostream& out, const Case& it) { return out << it.number << ", " << it.what; }

std::vector<Case> broken() {
    std::string fragments = frame(0x01, "a");
    for (int i = 0; i < 1100; ++i) fragments += frame(0x00, "");
    std::string pings;
    for (int i = 0; i < 40; ++i) pings += frame(0x89, "");
    std::vector<Case> cases{
        {28, "not masked", bytes_of({0x81, 0x02, '{', '}'}), {1002}},
        {29, "RSV2", frame(0xA1, "{}"), {1002}},
        {29, "RSV3", frame(0x91, "{}"), {1002}},
        {30, "a ping of 126 bytes", frame(0x89, std::string(126, 'x')), {1002}},
        {30, "a ping in fragments", frame(0x09, "x"), {1002}},
        {31, "a length with the top bit", bytes_of({0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0}), {1002, 1009}},
        {31, "a length of 2^63 - 1", bytes_of({0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0}), {1002, 1009}},
        {32, "a length longer than it needs", bytes_of({0x81, 0xFE, 0, 2, 0, 0, 0, 0, '{', '}'}), {1002}},
        {33, "a continuation of nothing", frame(0x80, "x"), {1002}},
        {33, "a message inside a message", frame(0x01, "a") + frame(0x81, "b"), {1002}},
        {34, "too many fragments", fragments, {1008}},
        {35, "a message above 64 KiB", bytes_of({0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0}), {1009}},
        {36, "no UTF-8", frame(0x81, "\xC3\x28"), {1007}},
        {36, "half a character, over two frames", frame(0x01, "\xE2\x82") + frame(0x80, "x"), {1007}},
        {36, "a surrogate", frame(0x81, "\xED\xA0\x80"), {1007}},
        {37, "a close of one byte", frame(0x88, "x"), {1002}},
        {38, "a reason that is no UTF-8", frame(0x88, std::string{"\x03\xE8"} + "\xFF"), {1002, 1007}},
        {39, "a flood of pings", pings, {1008}},
        {40, "compressed, and nobody agreed", frame(0xC1, "x"), {1002}},
        {44, "binary", frame(0x82, "{}"), {1003}},
    };
    for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U})
        cases.push_back({29, fmt::format("opcode {}", opcode), frame(0x80U | opcode, ""), {1002}});
    for (const unsigned code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 2999U, 5000U})
        cases.push_back({37, fmt::format("close code {}", code), frame(0x88, bytes_of({code >> 8U, code & 0xFFU})), {1002}});
    return cases;
}

SocketClient signed_in() {
    auto socket = SocketClient::with_token(server().address(), ann().token);
    socket.wait_for_type("hello");
    return socket;
}

class BrokenFrames : public ::testing::TestWithParam<Case> {};

TEST_P(BrokenFrames, CloseTheSocketWithTheRightCode) {
    const auto& it = GetParam();
    auto socket = signed_in();
    socket.send_raw(it.bytes);
    const auto closed = socket.wait_for_close();
    EXPECT_NE(std::ranges::find(it.codes, static_cast<int>(closed.code)), it.codes.end()) << it << ": " << closed.code << ' ' << closed.reason;
    EXPECT_TRUE(answers_well());
}

INSTANTIATE_TEST_SUITE_P(Catalogue, BrokenFrames, ::testing::ValuesIn(broken()), [](const auto& info) {
    std::string name = fmt::format("C{}_", info.param.number);
    for (const char c : info.param.what) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    return name + fmt::format("_{}", info.index);
});

int handshake(const Fields& fields, std::string_view without = "") {
    Fields all{{"Upgrade", "websocket"},
               {"Connection", "Upgrade"},
               {"Sec-WebSocket-Version", "13"},
               {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
               {"Authorization", "Bearer " + ann().token}};
    for (const auto& [name, value] : fields) {
        std::erase_if(all, [&, field = name](const auto& entry) { return entry.first == field; });
        all.emplace_back(name, value);
    }
    std::erase_if(all, [&](const auto& entry) { return entry.first == without; });
    testing::HttpClient client{server().address()};
    client.send(testing::request_head("GET", "/api/v1/realtime", "127.0.0.1", all, 0));
    return testing::read_head(client.connection()).status;
}

TEST_F(Catalogue, C26_AHandshakeThatIsNone) {
    EXPECT_EQ(handshake({}), 101);
    EXPECT_EQ(handshake({}, "Sec-WebSocket-Key"), 400);
    EXPECT_EQ(handshake({{"Sec-WebSocket-Key", "short"}}), 400);
    EXPECT_EQ(handshake({{"Sec-WebSocket-Version", "8"}}), 426);
}

TEST_F(Catalogue, C27_ASocketOfAForeignPage) {
    for (const auto* origin : {"https://evil.example", "null", "https://127.0.0.1.evil.example"})
        EXPECT_EQ(handshake({{"Origin", origin}}), 403) << origin;
}

TEST_F(Catalogue, C42_OffersOfExtensionsThatNobodyMakes) {
    std::string many = "permessage-deflate";
    for (int i = 0; i < 500; ++i) many += ", x" + std::to_string(i);
    for (const auto& offer :
         {std::string{"constructor"}, many, std::string{"permessage-deflate; server_max_window_bits=999"}, std::string{";;,,=\"\\"}}) {
        const auto status = handshake({{"Sec-WebSocket-Extensions", offer}});
        EXPECT_TRUE(status == 101 || status == 400) << offer << ' ' << status;
    }
}

TEST_F(Catalogue, C46_ForeignAndUnknownConversationsLookTheSame) {
    const auto group = bob().post("/groups", {{"name", fresh("g")}})["id"].integer();
    auto socket = signed_in();
    const auto foreign = socket.ask({{"id", 1}, {"type", "message.send"}, {"conversation_id", group}, {"text", "x"}});
    const auto unknown = socket.ask({{"id", 1}, {"type", "message.send"}, {"conversation_id", 987'654}, {"text", "x"}});
    EXPECT_EQ(foreign, unknown);
    EXPECT_EQ(foreign["error"]["code"], "not_found");
    EXPECT_EQ(socket.ask({{"id", 2}, {"type", "ping"}})["type"], "pong");
}

TEST_F(Catalogue, C49_PositionsThatAreNone) {
    const auto group = ann().post("/groups", {{"name", fresh("g")}})["id"].integer();
    auto socket = SocketClient::with_token(server().address(), ann().token);
    const auto epoch = socket.wait_for_type("hello")["epoch"].string();
    const auto conversation = std::to_string(group);
    for (const auto& position :
         {std::string{"-1"}, std::string{"9007199254740993"}, std::string{"\"1\""}, std::string{"1.5"}, std::string{"null"}, std::string{"[]"}}) {
        socket.send_text(fmt::format(R"({{"id":1,"type":"resume","epoch":"{}","positions":{{"{}":{}}}}})", epoch, conversation, position));
        const auto answer = socket.wait_for_answer(1);
        EXPECT_EQ(answer["type"], "error") << position << ' ' << answer;
    }
    for (const auto* query : {"after_seq=-1", "after_seq=x", "after_seq=1e3", "after_seq=99999999999999999999"})
        EXPECT_EQ(ann().get(fmt::format("/conversations/{}/events?{}", group, query)).status, 400) << query;
}

}  // namespace
}  // namespace parley::trust
