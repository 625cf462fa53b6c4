// SPDX-License-Identifier: Apache-2.0
#include "api/event_stream.hpp"

#include "api/realtime.hpp"

#include <thread>

namespace parley::testing {
namespace {

/// `GET /realtime/sse`.
class EventStreams : public ApiTest {
protected:
    EventStreams() : ann(sign_up("ann")), bob(sign_up("bob")), group(create_group(ann, {&bob})) {}

    static EventStreamClient open(const ApiClient& user, const std::string& last_event_id = {}) {
        return {server().address(), user.token, last_event_id};
    }
    /// Reads events of one conversation up to this seq.
    static std::vector<std::int64_t> read_up_to(EventStreamClient& stream, std::int64_t conversation, std::int64_t last, std::string* id = nullptr) {
        std::vector<std::int64_t> seqs;
        while (seqs.empty() || seqs.back() != last) {
            const auto record = stream.next_told();
            if (!record) throw std::runtime_error{"the stream ended"};
            const auto frame = Json::parse(record->data);
            if (frame["type"] != "event" || frame["conversation_id"] != conversation) continue;
            seqs.push_back(frame["seq"].integer());
            if (id != nullptr) *id = record->id;
        }
        return seqs;
    }

    ApiClient ann, bob;
    std::int64_t group;
};

TEST_F(EventStreams, SayHelloAndThenWhatHappensAsASocketDoes) {
    auto stream = open(ann);
    EXPECT_EQ(stream.status(), 200);
    EXPECT_NE(stream.head().find("Content-Type: text/event-stream\r\n"), std::string::npos) << stream.head();
    EXPECT_NE(stream.head().find("Cache-Control: no-store\r\n"), std::string::npos);
    EXPECT_EQ(stream.head().find("Content-Length"), std::string::npos);
    const auto hello = Json::parse(stream.expect("hello").data);
    EXPECT_EQ(hello["type"], "hello");
    EXPECT_EQ(hello["user_id"], ann.id);
    auto socket = connect(server().address(), ann);
    post_message(bob, group, "line one\nline two");
    const auto record = stream.expect("message.created");
    const auto frame = socket.wait_for_type("event");
    EXPECT_EQ(Json::parse(record.data)["data"]["message"]["text"], "line one\nline two");
    EXPECT_EQ(record.data, frame.text()) << "byte for byte what the socket says";
}

TEST_F(EventStreams, TellSignalsWithoutAnId) {
    auto stream = open(ann);
    stream.expect("hello");
    const auto seq = post_message(ann, group, "read me")["seq"].integer();
    EXPECT_STATUS(bob.put(conversation_target(group, "/read"), {{"seq", seq}}), 200);
    const auto signal = stream.expect("signal");
    EXPECT_TRUE(signal.id.empty());
    EXPECT_EQ(Json::parse(signal.data)["signal"], "read");
}

TEST_F(EventStreams, GoOnBehindTheLastEventId) {
    std::string id;
    {
        auto stream = open(ann);
        stream.expect("hello");
        post_message(bob, group, "seen");
        EXPECT_EQ(read_up_to(stream, group, 3, &id), from_to(3, 3));
    }
    post_message(bob, group, "missed");
    EXPECT_STATUS(bob.patch(message_target(group, 4), {{"text", "missed, and edited"}}), 200);
    post_message(bob, group, "missed too");
    auto stream = open(ann, id);
    EXPECT_EQ(stream.expect("hello").id, id) << "nothing is skipped by who breaks off behind hello";
    EXPECT_EQ(read_up_to(stream, group, 6), from_to(4, 6));
    post_message(bob, group, "live");
    EXPECT_EQ(read_up_to(stream, group, 7), from_to(7, 7));
}

TEST_F(EventStreams, GoOnBehindHelloOfAStreamThatSawNothing) {
    const auto id = open(ann).expect("hello").id;
    post_message(bob, group, "missed");
    auto stream = open(ann, id);
    EXPECT_EQ(read_up_to(stream, group, 3), from_to(3, 3));
}

TEST_F(EventStreams, BringAllThatWasMissedWhileMoreIsWritten) {
    const auto other = create_group(bob, {&ann});
    const auto id = open(ann).expect("hello").id;
    for (int i = 0; i < 450; ++i) post_message(bob, i % 3 == 0 ? other : group, std::string(1000, 'x'));
    std::thread writer{[this, other] {
        for (int i = 0; i < 150; ++i) post_message(bob, i % 3 == 0 ? other : group, std::string(1000, 'y'));
    }};
    auto stream = open(ann, id);
    Seen seen;
    while (seen[group].size() < 400 || seen[other].size() < 200) note(seen, Json::parse(stream.next_told().value().data));
    writer.join();
    EXPECT_EQ(seen[group], from_to(3, 402));
    EXPECT_EQ(seen[other], from_to(3, 202));
}

TEST_F(EventStreams, OfWhoWasRemovedMeanwhileEndThatConversationWithIt) {
    const auto id = open(bob).expect("hello").id;
    post_message(ann, group, "seen");
    EXPECT_STATUS(ann.remove(member_target(group, bob)), 204);
    post_message(ann, group, "not for bob");
    const auto other = create_group(ann, {&bob});
    auto stream = open(bob, id);
    Seen seen;
    while (seen[other].empty()) note(seen, Json::parse(stream.next_told().value().data));
    EXPECT_EQ(seen[group].size(), 0U) << "who is no member is told nothing of it, as with a resume";
}

TEST_F(EventStreams, RefuseAnIdThatMeansNothingHere) {
    const auto id = open(ann).expect("hello").id;
    const auto epoch = id.substr(0, id.find('.'));
    const std::string of_another = "00000000000000000000000000000000.1";
    for (const auto& bad : {std::string{"x"}, epoch, epoch + ".x", epoch + ".-1", epoch + ".999999999999", of_another}) {
        auto stream = open(ann, bad);
        EXPECT_EQ(stream.status(), 409) << bad;
        EXPECT_NE(stream.connection().read_through("}").find("realtime.resync_required"), std::string::npos);
    }
}

TEST_F(EventStreams, RefuseAnIdThatLiesMoreThanAThousandEventsBack) {
    const auto id = open(ann).expect("hello").id;
    for (int i = 0; i < 1000; ++i) post_message(bob, group, "x");
    {
        auto stream = open(ann, id);
        EXPECT_EQ(read_up_to(stream, group, 1002).size(), 1000U);
    }
    post_message(bob, group, "one more");
    EXPECT_EQ(open(ann, id).status(), 409);
}

TEST_F(EventStreams, AreForWhoIsSignedIn) {
    EXPECT_EQ(open(anonymous()).status(), 401);
    EXPECT_STATUS(ann.post("/auth/logout"), 204);
    EXPECT_EQ(open(ann).status(), 401);
}

TEST_F(EventStreams, EndWithTheSession) {
    auto stream = open(ann);
    stream.expect("hello");
    const auto began = moment();
    EXPECT_STATUS(ann.post("/auth/logout"), 204);
    EXPECT_EQ(stream.next_told(), std::nullopt);
    EXPECT_LT(moment() - began, 2s);
}

TEST_F(EventStreams, WithoutChunksEndWithTheConnectionForHttp10) {
    EventStreamClient stream{server().address(), ann.token, {}, "1.0"};
    EXPECT_EQ(stream.head().find("Transfer-Encoding"), std::string::npos) << stream.head();
    stream.expect("hello");
    post_message(bob, group, "old and well");
    EXPECT_EQ(Json::parse(stream.expect("message.created").data)["data"]["message"]["text"], "old and well");
    EXPECT_STATUS(ann.post("/auth/logout"), 204);
    EXPECT_EQ(stream.next_told(), std::nullopt);
}

TEST_F(EventStreams, AnswerHeadWithNothingBehind) {
    Connection connection{server().address()};
    connection.send("HEAD /api/v1/realtime/sse HTTP/1.1\r\nHost: " + server().address() + "\r\nAuthorization: Bearer " + ann.token + "\r\n\r\n");
    const auto all = connection.read_to_end();
    EXPECT_TRUE(all.starts_with("HTTP/1.1 200 ")) << all;
    EXPECT_TRUE(all.ends_with("\r\n\r\n"));
}

/// Reads what is left of a stream; the id of the last event. A reset is an end, too.
std::string read_to_end(EventStreamClient& stream) {
    std::string id;
    try {
        while (const auto record = stream.next_told()) id = record->id.empty() ? id : record->id;
    } catch (const std::runtime_error&) {
    }
    return id;
}

TEST_F(EventStreams, OfWhoDoesNotReadEndAndNobodyElseNotices) {
    constexpr int messages = 900;  // more than the outbox and the kernel's buffers hold, and fewer than may be missed
    const auto first_of = [](const EventStreamClient::Record& record) { return Json::parse(record.data)["seq"].integer(); };
    EventStreamClient slow{server().address(), ann.token, {}, "1.1", {.receive_buffer_bytes = 4096}};
    auto healthy = open(bob);
    healthy.expect("hello");
    std::thread reader{[&] { EXPECT_EQ(read_up_to(healthy, group, messages + 2).size(), std::size_t{messages}); }};
    const std::string text(8000, 'z');
    for (int i = 0; i < messages; ++i) post_message(bob, group, text);
    reader.join();
    const auto id = read_to_end(slow);
    auto again = open(ann, id);
    ASSERT_EQ(again.status(), 200);
    const auto first = first_of(again.expect("message.created"));
    EXPECT_GT(first, 3) << "it had got something";
    EXPECT_EQ(read_up_to(again, group, messages + 2), from_to(first + 1, messages + 2)) << "and goes on behind that";
}

TEST(EventStreamLimits, AreThoseOfSockets) {
    TestServer server{{{"limits.sockets_per_user", "2"}}};
    auto ann = server.sign_up("ann");
    EventStreamClient first{server.address(), ann.token};
    first.expect("hello");
    {
        EventStreamClient second{server.address(), ann.token};
        second.expect("hello");
        EXPECT_EQ((EventStreamClient{server.address(), ann.token}.status()), 429);
    }
    EXPECT_TRUE(eventually([&] { return EventStreamClient{server.address(), ann.token}.status() == 200; })) << "a place is free again";
}

TEST(EventStreamLimits, ACommentComesInEveryInterval) {
    TestServer server{{{"realtime.ping_interval", "1s"}}};
    auto ann = server.sign_up("ann");
    EventStreamClient stream{server.address(), ann.token};
    stream.expect("hello");
    EXPECT_TRUE(stream.next().value().comment);
    EXPECT_TRUE(stream.next().value().comment);
}

TEST(EventStreamLimits, AStoppingServerSaysWhenToComeBackAndARestartedOneGoesOn) {
    TestServer server;
    auto ann = server.sign_up("ann");
    const auto group = create_group(ann);
    EventStreamClient stream{server.address(), ann.token};
    const auto id = stream.expect("hello").id;
    post_message(ann, group, "before");
    stream.expect("message.created");
    server.stop();
    const auto last = stream.next();
    ASSERT_TRUE(last);
    EXPECT_GE(std::stoll(last->retry), 500);
    EXPECT_EQ(stream.next(), std::nullopt);
    server.restart();
    EventStreamClient again{server.address(), ann.token, id};
    EXPECT_EQ(Json::parse(again.expect("message.created").data)["data"]["message"]["text"], "before");
}

}  // namespace
}  // namespace parley::testing
