// SPDX-License-Identifier: Apache-2.0
#include "api/files.hpp"
#include "api/realtime.hpp"

#include <set>

namespace parley::testing {
namespace {

/// api.md section 6: what a client says and what it is answered.
class Frames : public ApiTest {
protected:
    Frames() : ann(sign_up("ann")), bob(sign_up("bob")), group(create_group(ann, {&bob})), socket(connect(server().address(), ann)) {}

    boost::json::value frame(std::int64_t id, std::string_view type, boost::json::object more) const {
        more["id"] = id;
        more["type"] = type;
        more["conversation_id"] = group;
        return more;
    }
    static boost::json::value changed(std::int64_t group, boost::json::value seq) { return {{"conversation_id", group}, {"seq", std::move(seq)}}; }

    void expect_error(const Json& answer, std::string_view code) {
        EXPECT_EQ(answer["type"], "error") << answer;
        EXPECT_EQ(answer["error"]["code"], code) << answer;
        EXPECT_EQ(answer["error"].names(), (std::vector<std::string>{"code", "message", "temporary", "retry_after_ms"}));
    }

    ApiClient ann, bob;
    std::int64_t group;
    SocketClient socket;
};

TEST_F(Frames, SendAnswersWithThePlaceOfTheMessage) {
    const auto ok = socket.ask(send_frame(1, group, "hi"));
    EXPECT_EQ(ok["type"], "ok");
    EXPECT_EQ(ok["data"].names(), (std::vector<std::string>{"conversation_id", "seq", "created_at"}));
    const auto message = bob.get(message_target(group, ok["data"]["seq"].integer()));
    EXPECT_EQ(message["text"], "hi");
    EXPECT_EQ(message["created_at"], ok["data"]["created_at"]);
    EXPECT_EQ(message["sender_id"], ann.id);
}

TEST_F(Frames, TheSenderReceivesTheOwnEventToo) {
    socket.send(send_frame(1, group, "hi"));
    EXPECT_EQ(socket.wait_for_event("message.created")["data"]["message"]["text"], "hi");
}

TEST_F(Frames, AnIdIsEchoedAsItWas) {
    for (const auto& id : boost::json::array{0, -7, 9007199254740991, "", "text \" é", std::string(64, 'x')}) {
        socket.send({{"id", id}, {"type", "ping"}});
        EXPECT_EQ(socket.next(), boost::json::value({{"type", "pong"}, {"id", id}}));
    }
    socket.send({{"type", "ping"}});
    EXPECT_EQ(socket.next(), boost::json::value({{"type", "pong"}, {"id", nullptr}}));
}

TEST_F(Frames, WhatIsNoFrameIsAnErrorWithoutAnId) {
    for (const auto* text : {"", "nonsense", "[]", "7", "null", "{}", R"({"id":1})", R"({"id":1.5,"type":"ping"})", R"({"id":true,"type":"ping"})",
                             R"({"id":[1],"type":"ping"})", R"({"id":1,"type":7})", R"({"id":1,"type":"ping"} {})",
                             R"({"id":1,"id":2,"type":"ping"})", R"({"id":1,"type":"ping","type":"ping"})"}) {
        socket.send_text(text);
        const auto answer = socket.next();
        expect_error(answer, "realtime.bad_frame");
        EXPECT_TRUE(answer["id"].is_null()) << text;
    }
    socket.send({{"id", std::string(65, 'x')}, {"type", "ping"}});
    expect_error(socket.next(), "realtime.bad_frame");
    EXPECT_EQ(socket.ask({{"id", 1}, {"type", "ping"}})["type"], "pong") << "the socket stays";
}

TEST_F(Frames, AnUnknownTypeIsAnErrorWithItsId) {
    for (const auto* type : {"nothing", "", "Ping", "event", "hello"}) {
        const auto answer = socket.ask({{"id", 3}, {"type", type}});
        expect_error(answer, "realtime.unknown_type");
        EXPECT_EQ(answer["id"], 3) << type;
    }
}

TEST_F(Frames, UnknownFieldsWrongTypesAndMissingFieldsAreErrorsAsInRest) {
    expect_error(socket.ask({{"id", 1}, {"type", "ping"}, {"colour", 1}}), "unknown_field");
    expect_error(socket.ask(frame(1, "message.send", {{"text", "x"}, {"sender_id", 1}})), "unknown_field");
    expect_error(socket.ask(frame(1, "message.send", {{"text", 7}})), "wrong_type");
    expect_error(socket.ask({{"id", 1}, {"type", "message.send"}, {"text", "x"}}), "required");
    expect_error(socket.ask({{"id", 1}, {"type", "message.send"}, {"conversation_id", std::to_string(group)}, {"text", "x"}}), "wrong_type");
    expect_error(socket.ask(frame(1, "message.edit", {{"text", "x"}})), "required");
    expect_error(socket.ask(frame(1, "message.send", {{"text", std::string(16'385, 'x')}})), "too_long");
    expect_error(socket.ask(frame(1, "message.send", {{"text", " \n "}})), "chat.empty_message");
    socket.send_text(R"({"id":1,"type":"message.send","conversation_id":1,"text":"a","text":"b"})");
    expect_error(socket.wait_for_answer(1), "duplicate_field");
    EXPECT_EQ(ann.get(conversation_target(group, "/messages"))["items"].size(), 0U) << "nothing of it was stored";
}

TEST_F(Frames, AForeignAndAnUnknownConversationAnswerTheSame) {
    auto eve = sign_up("eve");
    const auto foreign = create_group(eve);
    const auto first = socket.ask(send_frame(1, foreign, "x")), second = socket.ask(send_frame(1, 9'007'199'254'740'991, "x"));
    expect_error(first, "not_found");
    EXPECT_EQ(first, second);
    for (const auto* type : {"message.delete", "read"}) {
        expect_error(socket.ask({{"id", 1}, {"type", type}, {"conversation_id", foreign}, {"seq", 1}}), "not_found");
    }
    const auto open_to_all = create_group(eve, {}, "public");
    EXPECT_EQ(socket.ask(send_frame(1, open_to_all, "x"))["type"], "error");
}

TEST_F(Frames, ARepeatedSendIsTheSameMessageOnBothWays) {
    const boost::json::object draft{{"text", "once"}, {"client_id", "k-1"}};
    const auto first = socket.ask(frame(1, "message.send", draft));
    EXPECT_EQ(socket.ask(frame(2, "message.send", draft))["data"], first["data"]);
    const auto rest = ann.post(conversation_target(group, "/messages"), draft);
    EXPECT_STATUS(rest, 200);
    EXPECT_EQ(rest["seq"], first["data"]["seq"]);
    const auto other = ann.post(conversation_target(group, "/messages"), {{"text", "two"}, {"client_id", "k-2"}});
    EXPECT_EQ(socket.ask(frame(3, "message.send", {{"text", "two"}, {"client_id", "k-2"}}))["data"]["seq"], other["seq"]);
    expect_error(socket.ask(frame(4, "message.send", {{"text", "three"}, {"client_id", "k-2"}})), "chat.client_id_reused");
    EXPECT_EQ(ann.get(conversation_target(group, "/messages"))["items"].size(), 2U);
}

TEST_F(Frames, TheSameKeyPipelinedIsOneMessage) {
    for (int i = 0; i < 20; ++i) socket.send(frame(i, "message.send", {{"text", "once"}, {"client_id", "same"}}));
    std::set<std::int64_t> seqs;
    for (int i = 0; i < 20; ++i) seqs.insert(socket.wait_for_answer(i)["data"]["seq"].integer());
    EXPECT_EQ(seqs.size(), 1U);
}

TEST_F(Frames, SendCarriesFilesAndAReply) {
    const auto file = upload(ann, "hello");
    const auto first = socket.ask(send_frame(1, group, "first"))["data"]["seq"].integer();
    const auto second = socket.ask(frame(2, "message.send", {{"file_ids", {file}}, {"reply_to_seq", first}, {"text", nullptr}}));
    ASSERT_EQ(second["type"], "ok") << second;
    const auto message = bob.get(message_target(group, second["data"]["seq"].integer()));
    EXPECT_EQ(message["files"][0]["id"], file);
    EXPECT_EQ(message["reply_to_seq"], first);
    EXPECT_TRUE(message["text"].is_null());
    expect_error(socket.ask(frame(3, "message.send", {{"text", "x"}, {"reply_to_seq", 1}})), "chat.no_such_message");
}

TEST_F(Frames, EditAnswersWithItsEventOrNull) {
    const auto seq = socket.ask(send_frame(1, group, "before"))["data"]["seq"].integer();
    EXPECT_EQ(socket.ask(frame(2, "message.edit", {{"seq", seq}, {"text", "after"}}))["data"], changed(group, seq + 1));
    EXPECT_EQ(socket.ask(frame(3, "message.edit", {{"seq", seq}, {"text", "after"}}))["data"], changed(group, nullptr));
    EXPECT_EQ(bob.get(message_target(group, seq))["text"], "after");
    expect_error(socket.ask(frame(4, "message.edit", {{"seq", 1}, {"text", "x"}})), "not_found");
    const auto others = post_message(bob, group, "bob's")["seq"].integer();
    expect_error(socket.ask(frame(5, "message.edit", {{"seq", others}, {"text", "x"}})), "chat.not_author");
}

TEST_F(Frames, DeleteAnswersWithItsEventOrNull) {
    const auto seq = socket.ask(send_frame(1, group, "x"))["data"]["seq"].integer();
    EXPECT_EQ(socket.ask(frame(2, "message.delete", {{"seq", seq}}))["data"], changed(group, seq + 1));
    EXPECT_EQ(socket.ask(frame(3, "message.delete", {{"seq", seq}}))["data"], changed(group, nullptr));
    expect_error(socket.ask(frame(4, "message.edit", {{"seq", seq}, {"text", "x"}})), "chat.message_deleted");
    expect_error(socket.ask(frame(5, "reaction.add", {{"seq", seq}, {"emoji", "👍"}})), "chat.message_deleted");
}

TEST_F(Frames, ReactionsAnswerWithTheirEventOrNull) {
    const auto seq = post_message(bob, group, "x")["seq"].integer();
    const boost::json::object thumb{{"seq", seq}, {"emoji", "👍🏽"}};
    EXPECT_EQ(socket.ask(frame(1, "reaction.add", thumb))["data"], changed(group, seq + 1));
    EXPECT_EQ(socket.ask(frame(2, "reaction.add", thumb))["data"], changed(group, nullptr));
    EXPECT_EQ(socket.ask(frame(3, "reaction.remove", thumb))["data"], changed(group, seq + 2));
    EXPECT_EQ(socket.ask(frame(4, "reaction.remove", thumb))["data"], changed(group, nullptr));
    expect_error(socket.ask(frame(5, "reaction.add", {{"seq", seq}, {"emoji", "two"}})), "chat.invalid_emoji");
}

TEST_F(Frames, ReadAnswersAsRestAndTellsOnesOtherDevices) {
    for (int i = 0; i < 3; ++i) post_message(bob, group, "x");
    auto phone = connect(server().address(), ann), bobs = connect(server().address(), bob);
    EXPECT_EQ(socket.ask(frame(1, "read", {{"seq", 4}}))["data"], boost::json::value({{"last_read_seq", 4}, {"unread_count", 1}}));
    const boost::json::value signal{{"type", "signal"}, {"signal", "read"}, {"conversation_id", group}, {"user_id", ann.id}, {"last_read_seq", 4}};
    EXPECT_EQ(phone.wait_for_type("signal"), signal);
    EXPECT_EQ(bobs.wait_for_type("signal"), signal);
    EXPECT_EQ(socket.ask(frame(2, "read", {{"seq", 1}}))["data"]["last_read_seq"], 4) << "never back";
    EXPECT_EQ(socket.ask(frame(3, "read", {{"seq", 99}}))["data"]["last_read_seq"], 5) << "no further than there is";
    EXPECT_EQ(ann.get(conversation_target(group))["my"]["unread_count"], 0);
}

TEST_F(Frames, PipelinedFramesAreTakenAndAnsweredInOrder) {
    for (int i = 0; i < 200; ++i) socket.send(i % 3 == 0 ? boost::json::value{{"id", i}, {"type", "ping"}} : send_frame(i, group, std::to_string(i)));
    std::vector<std::int64_t> answers, seqs;
    while (answers.size() < 200) {
        const auto frame = socket.next();
        if (frame["type"] == "event") continue;
        answers.push_back(frame["id"].integer());
        if (frame["type"] == "ok") seqs.push_back(frame["data"]["seq"].integer());
    }
    EXPECT_EQ(answers, from_to(0, 199));
    EXPECT_EQ(seqs, from_to(3, static_cast<std::int64_t>(seqs.size()) + 2));
}

TEST_F(Frames, FramesOfOneMessageAreCutAnywhere) {
    const auto text = boost::json::serialize(send_frame(1, group, "in pieces é"));
    socket.send_frame(websocket::Opcode::text, std::string_view{text}.substr(0, 5), false);
    socket.send_frame(websocket::Opcode::ping, "between");
    for (std::size_t at = 5; at < text.size() - 1; ++at)
        socket.send_frame(websocket::Opcode::continuation, std::string_view{text}.substr(at, 1), false);
    socket.send_frame(websocket::Opcode::continuation, std::string_view{text}.substr(text.size() - 1));
    const auto pong = socket.next_frame();
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->opcode, websocket::Opcode::pong);
    EXPECT_EQ(pong->payload, "between");
    EXPECT_EQ(socket.wait_for_answer(1)["type"], "ok");
    EXPECT_EQ(ann.get(conversation_target(group))["last_message"]["text"], "in pieces é");
}

TEST_F(Frames, EveryReceiverGetsTheSameBytes) {
    std::vector<SocketClient> receivers;
    for (int i = 0; i < 3; ++i) {
        receivers.push_back(connect(server().address(), ann));
        receivers.push_back(connect(server().address(), bob));
    }
    post_message(bob, group, "the same é \" for all");
    std::set<std::string> bytes;
    for (auto& receiver : receivers) {
        const auto frame = receiver.next_frame();
        ASSERT_TRUE(frame);
        bytes.insert(frame->payload);
    }
    EXPECT_EQ(bytes.size(), 1U);
    const auto event = Json::parse(*bytes.begin());
    EXPECT_EQ(event.names(), (std::vector<std::string>{"type", "conversation_id", "seq", "event", "at", "actor_id", "data"}));
    EXPECT_EQ(event["data"], events_of(ann, group, event["seq"].integer() - 1).at(0)["data"]);
}

TEST_F(Frames, EveryKindOfEventComesLive) {
    auto inbox = connect(server().address(), bob);
    const auto seq = post_message(ann, group, "x")["seq"].integer();
    EXPECT_STATUS(ann.put(message_target(group, seq, "/pin")), 204);
    EXPECT_STATUS(ann.remove(message_target(group, seq, "/pin")), 204);
    EXPECT_STATUS(ann.put(member_target(group, bob), {{"role", "admin"}}), 200);
    EXPECT_STATUS(ann.patch(group_target(group), {{"name", fresh("renamed")}}), 200);
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    const std::vector<std::string> expected{"message.created",     "message.pinned",       "message.unpinned",
                                            "member.role_changed", "conversation.updated", "message.deleted"};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto event = inbox.wait_for_type("event");
        EXPECT_EQ(event["event"], expected[i]);
        EXPECT_EQ(event["seq"], seq + static_cast<std::int64_t>(i));
        EXPECT_EQ(event["actor_id"], ann.id);
    }
}

TEST(SocketRates, SendsOverTheRateAreRefusedAndToldWhenToComeBack) {
    TestServer server{{{"limits.rate_limits", "on"}, {"limits.send_burst", "3"}, {"limits.sends_per_second", "1"}}};
    auto ann = server.sign_up("ann");
    const auto group = create_group(ann);
    auto socket = connect(server.address(), ann);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(socket.ask(send_frame(i, group, "x"))["type"], "ok");
    const auto refused = socket.ask(send_frame(4, group, "x"));
    EXPECT_EQ(refused["error"]["code"], "rate_limited");
    EXPECT_EQ(refused["error"]["temporary"], true);
    EXPECT_GT(refused["error"]["retry_after_ms"].integer(), 0);
    server.clock().advance(5s);
    EXPECT_EQ(socket.ask(send_frame(5, group, "x"))["type"], "ok");
}

TEST(SocketRates, WhoDoesNotHeedThemIsClosed) {
    TestServer server{{{"limits.rate_limits", "on"}, {"limits.send_burst", "1"}, {"limits.sends_per_second", "1"}}};
    auto ann = server.sign_up("ann");
    const auto group = create_group(ann);
    auto socket = connect(server.address(), ann);
    for (int i = 0; i < 300; ++i) socket.send(send_frame(i, group, "x"));
    EXPECT_EQ(socket.wait_for_close().code, 4009);
}

}  // namespace
}  // namespace parley::testing
