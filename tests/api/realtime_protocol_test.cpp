// SPDX-License-Identifier: Apache-2.0
#include "api/realtime.hpp"

#include <cstring>

namespace parley::testing {
namespace {

using websocket::Opcode;

/// api.md section 6, close codes, and the cases WS 28 to 48 of trust.md that a whole server shows.
class SocketProtocol : public ApiTest {
protected:
    SocketProtocol() : ann(sign_up("ann")), socket(connect(server().address(), ann)) {}

    /// A new socket that sent these bytes: the code it is closed with.
    std::uint16_t code_after(const std::string& bytes) {
        auto fresh_socket = connect(server().address(), ann);
        fresh_socket.send_raw(bytes);
        return fresh_socket.wait_for_close().code;
    }
    static std::string masked(std::initializer_list<unsigned> head, std::string_view payload = {}) {
        std::string bytes;
        for (const auto byte : head) bytes += static_cast<char>(byte);
        bytes.append(4, '\0');  // a mask that changes nothing
        return bytes.append(payload);
    }

    ApiClient ann;
    SocketClient socket;
};

TEST_F(SocketProtocol, BinaryIsNotSpoken) {
    socket.send_frame(Opcode::binary, "x");
    EXPECT_EQ(socket.wait_for_close().code, 1003);
}

TEST_F(SocketProtocol, TextIsUtf8) {
    for (const auto* text : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "ok\xE2\x82"})
        EXPECT_EQ(code_after(masked({0x81, 0x80U | static_cast<unsigned>(std::strlen(text))}, text)), 1007);
    socket.send_frame(Opcode::text, "{\"\xE2", false);
    socket.send_frame(Opcode::continuation, "(", false);
    EXPECT_EQ(socket.wait_for_close().code, 1007) << "at once, not at the message's end";
}

TEST_F(SocketProtocol, MessagesOverTheLimitAreTooBig) {
    socket.send_text(R"({"id":1,"type":"ping"})" + std::string(65'536 - 22, ' '));
    EXPECT_EQ(socket.wait_for_answer(1)["type"], "pong") << "64 KiB exactly";
    socket.send_text(std::string(65'537, ' '));
    EXPECT_EQ(socket.wait_for_close().code, 1009);
    EXPECT_EQ(code_after(masked({0x81, 0xFF, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF})), 1009) << "by its declared length, before it comes";
}

TEST_F(SocketProtocol, FragmentsTogetherAreHeldToTheLimitToo) {
    socket.send_frame(Opcode::text, std::string(40'000, ' '), false);
    socket.send_frame(Opcode::continuation, std::string(40'000, ' '), true);
    EXPECT_EQ(socket.wait_for_close().code, 1009);
}

TEST_F(SocketProtocol, AThousandFragmentsAndNoMore) {
    std::string bytes = masked({0x01, 0x80});
    for (int i = 0; i < 1'100; ++i) bytes += masked({0x00, 0x80});
    EXPECT_EQ(code_after(bytes), 1008);
}

TEST_F(SocketProtocol, BrokenFramesAreProtocolErrors) {
    EXPECT_EQ(code_after(std::string{"\x81\x02{}", 4}), 1002) << "not masked";
    EXPECT_EQ(code_after(masked({0xC1, 0x82}, "{}")), 1002) << "compressed, which was not agreed";
    EXPECT_EQ(code_after(masked({0xA1, 0x82}, "{}")), 1002) << "a reserved bit";
    EXPECT_EQ(code_after(masked({0x83, 0x80})), 1002) << "a reserved opcode";
    EXPECT_EQ(code_after(masked({0x8B, 0x80})), 1002) << "a reserved control opcode";
    EXPECT_EQ(code_after(masked({0x09, 0x80})), 1002) << "a ping in pieces";
    EXPECT_EQ(code_after(masked({0x89, 0xFE, 0x00, 0x7E}, std::string(126, 'x'))), 1002) << "a long ping";
    EXPECT_EQ(code_after(masked({0x80, 0x80})), 1002) << "a continuation of nothing";
    EXPECT_EQ(code_after(masked({0x01, 0x81}, "{") + masked({0x81, 0x81}, "}")), 1002) << "a message inside another";
    EXPECT_EQ(code_after(masked({0x81, 0xFE, 0x00, 0x02}, "{}")), 1002) << "a length in more bytes than it needs";
    EXPECT_EQ(code_after(masked({0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0})), 1002) << "a negative length";
}

TEST_F(SocketProtocol, ACloseIsAnsweredWithItsCode) {
    for (const int code : {1000, 1001, 3000, 4999}) {
        auto fresh_socket = connect(server().address(), ann);
        fresh_socket.send_close(static_cast<std::uint16_t>(code), "bye");
        EXPECT_EQ(fresh_socket.wait_for_close().code, code);
    }
    socket.send_frame(Opcode::close, "");
    EXPECT_EQ(socket.wait_for_close().code, 1005) << "no code for none";
}

TEST_F(SocketProtocol, CloseCodesThatMayNotBeSentAreProtocolErrors) {
    for (const unsigned code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 2999U, 5000U})
        EXPECT_EQ(code_after(masked(
                      {
                          0x88,
                          0x82,
                      },
                      std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)})),
                  1002)
            << code;
    EXPECT_EQ(code_after(masked({0x88, 0x81}, "x")), 1002) << "half a code";
    EXPECT_EQ(code_after(masked({0x88, 0x83}, std::string{"\x03\xE8\xFF", 3})), 1007) << "a reason that is no text";
}

TEST_F(SocketProtocol, TheConnectionEndsAfterTheClose) {
    socket.send_close(1000);
    socket.wait_for_close();
    EXPECT_EQ(socket.connection().read_to_end(), "");
}

TEST_F(SocketProtocol, APingIsAnsweredWithItsPayload) {
    socket.send_frame(Opcode::ping, std::string(125, 'p'));
    const auto pong = socket.next_frame();
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->opcode, Opcode::pong);
    EXPECT_EQ(pong->payload, std::string(125, 'p'));
    socket.send_frame(Opcode::pong, "never asked for");
    EXPECT_EQ(socket.ask({{"id", 1}, {"type", "ping"}})["type"], "pong");
}

TEST_F(SocketProtocol, AFloodOfPingsIsAgainstThePolicy) {
    for (int i = 0; i < 40; ++i) socket.send_frame(Opcode::ping, "");
    EXPECT_EQ(socket.wait_for_close().code, 1008);
}

TEST_F(SocketProtocol, AClientThatVanishesDisturbsNobody) {
    const auto group = create_group(ann);
    auto other = connect(server().address(), ann);
    socket.send_raw(masked({0x81, 0xFE, 0x10, 0x00}, "half a frame"));
    socket.connection().reset();
    post_message(ann, group, "still here");
    EXPECT_EQ(other.wait_for_event("message.created")["data"]["message"]["text"], "still here");
}

TEST_F(SocketProtocol, AnAnswerOfAClientThatLeftIsLetGo) {
    const auto group = create_group(ann);
    for (int i = 0; i < 50; ++i) socket.send(send_frame(i, group, "x"));
    socket.connection().reset();
    EXPECT_TRUE(eventually([&] {
        auto next = connect(server().address(), ann);
        return next.ask({{"id", 1}, {"type", "ping"}})["type"] == "pong";
    }));
}

}  // namespace
}  // namespace parley::testing
