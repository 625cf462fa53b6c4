// SPDX-License-Identifier: Apache-2.0
#include "api/realtime.hpp"

#include <random>
#include <thread>

namespace parley::testing {
namespace {

/// api.md section 6: `resume`.
class Resume : public ApiTest {
protected:
    Resume() : ann(sign_up("ann")), bob(sign_up("bob")), group(create_group(ann, {&bob})), socket(connect(server().address(), bob, &hello)) {}

    std::string epoch() const { return hello["epoch"].string(); }
    /// Sends through a socket of its own, many at once: HTTP would take longer.
    static void send_many(const ApiClient& user, std::int64_t conversation, int count) {
        auto sender = connect(server().address(), user);
        for (int sent = 0; sent < count;) {
            const int wave = std::min(count - sent, 200);
            for (int i = 0; i < wave; ++i) sender.send(send_frame(i, conversation, "message " + std::to_string(sent + i)));
            sender.wait_for_answer(wave - 1);
            sent += wave;
        }
    }

    ApiClient ann, bob;
    std::int64_t group;
    Json hello;
    SocketClient socket;
};

TEST_F(Resume, BringsTheMissedEventsInOrderBeforeItsOk) {
    for (int i = 0; i < 10; ++i) post_message(ann, group, "x");
    for (int i = 0; i < 10; ++i) socket.wait_for_type("event");
    for (const std::int64_t position : {0, 1, 7, 11, 12}) {
        Seen seen;
        socket.send(resume_frame(1, epoch(), group, position));
        const auto ok = read_to_answer(socket, seen, 1);
        EXPECT_EQ(seen[group], from_to(position + 1, 12)) << position;
        EXPECT_EQ(ok["data"], boost::json::value(
                                  {{"conversations", boost::json::array{{{"id", group}, {"last_seq", 12}}}}, {"truncated", boost::json::array{}}}));
    }
}

TEST_F(Resume, GivesTheEventsAsReadByRest) {
    const auto seq = post_message(ann, group, "before")["seq"].integer();
    EXPECT_STATUS(ann.patch(message_target(group, seq), {{"text", "after"}}), 200);
    socket.wait_for_event("message.edited");
    socket.send(resume_frame(1, epoch(), group, seq - 1));
    const auto created = socket.next(), edited = socket.next();
    EXPECT_EQ(created["data"]["message"]["text"], "after") << "a replay shows the message as it is now";
    const auto by_rest = events_of(bob, group, seq - 1);
    EXPECT_EQ(created["data"], by_rest[0]["data"]);
    EXPECT_EQ(edited["data"], by_rest[1]["data"]);
    EXPECT_EQ(edited["at"], by_rest[1]["at"]);
}

TEST_F(Resume, FromEveryPositionGivesWhatRestGivesHoweverMuchOfItIsRecent) {
    const auto changed = post_message(ann, group, "one")["seq"].integer();
    post_message(ann, group, "two");
    EXPECT_STATUS(ann.put(message_target(group, changed) + "/pin", {}), 204);
    post_message(ann, group, "three");
    EXPECT_STATUS(ann.patch(message_target(group, changed), {{"text", "changed"}}), 200);
    post_message(ann, group, "four");
    const auto last = post_message(ann, group, "five")["seq"].integer();
    socket.wait_for([&](const Json& frame) { return frame["seq"] == last; });
    for (std::int64_t position = 0; position <= last; ++position) {
        socket.send(resume_frame(position, epoch(), group, position));
        const auto by_rest = events_of(bob, group, position);
        for (auto seq = position + 1; seq <= last; ++seq) {
            const auto event = socket.next();
            EXPECT_EQ(event["seq"], seq);
            EXPECT_EQ(event["data"], by_rest[static_cast<std::size_t>(seq - position - 1)]["data"]) << "from " << position;
        }
        EXPECT_EQ(socket.next()["id"], position);
    }
}

TEST_F(Resume, OfSeveralConversationsKeepsEachInOrder) {
    std::vector<std::int64_t> groups;
    boost::json::object positions;
    std::mt19937 random{7};
    std::map<std::int64_t, std::int64_t> expected_from;
    for (int i = 0; i < 12; ++i) {
        groups.push_back(create_group(ann, {&bob}));
        const auto messages = static_cast<int>(random() % 6);
        for (int j = 0; j < messages; ++j) post_message(ann, groups.back(), "x");
        const auto position = static_cast<std::int64_t>(random() % static_cast<unsigned>(messages + 3));
        positions[std::to_string(groups.back())] = position;
        expected_from[groups.back()] = position + 1;
    }
    auto fresh_socket = connect(server().address(), bob);
    fresh_socket.send({{"id", 1}, {"type", "resume"}, {"epoch", epoch()}, {"positions", positions}});
    Seen seen;
    const auto ok = read_to_answer(fresh_socket, seen, 1);
    ASSERT_EQ(ok["data"]["conversations"].size(), groups.size()) << ok;
    for (const auto& one : ok["data"]["conversations"].items()) {
        const auto id = one["id"].integer();
        EXPECT_EQ(seen[id], from_to(expected_from[id], one["last_seq"].integer())) << id;
    }
}

TEST_F(Resume, MoreThanAThousandBehindIsNamedOnly) {
    send_many(ann, group, 1005);
    const auto last = bob.get(conversation_target(group))["last_seq"].integer();
    auto fresh_socket = connect(server().address(), bob);
    Seen seen;
    fresh_socket.send(resume_frame(1, epoch(), group, last - 1001));
    EXPECT_EQ(read_to_answer(fresh_socket, seen, 1)["data"],
              boost::json::value({{"conversations", boost::json::array{}}, {"truncated", boost::json::array{{{"id", group}, {"last_seq", last}}}}}));
    EXPECT_TRUE(seen[group].empty());
    fresh_socket.send(resume_frame(2, epoch(), group, last - 1000));
    EXPECT_EQ(read_to_answer(fresh_socket, seen, 2)["data"]["conversations"][0]["last_seq"], last);
    EXPECT_EQ(seen[group], from_to(last - 999, last));
    post_message(ann, group, "live again");
    EXPECT_EQ(read_to_event(fresh_socket, seen, group, last + 1)["data"]["message"]["text"], "live again");
}

TEST_F(Resume, OfAnotherEpochOrBeyondTheEndIsRefused) {
    const auto refused = [&](const boost::json::value& frame) {
        const auto answer = socket.ask(frame);
        EXPECT_EQ(answer["error"]["code"], "realtime.resync_required") << answer;
    };
    refused(resume_frame(1, "another", group, 1));
    refused(resume_frame(2, epoch(), group, 3));
    post_message(ann, group, "still live");
    EXPECT_EQ(socket.wait_for_type("event")["seq"], 3) << "the socket goes on as before";
}

TEST_F(Resume, LeavesOutWhatIsNotVisible) {
    auto eve = sign_up("eve");
    const auto foreign = create_group(eve), open_to_all = create_group(eve, {}, "public");
    socket.send(
        {{"id", 1},
         {"type", "resume"},
         {"epoch", epoch()},
         {"positions", {{std::to_string(foreign), 0}, {std::to_string(open_to_all), 0}, {"9007199254740991", 5}, {std::to_string(group), 1}}}});
    Seen seen;
    const auto ok = read_to_answer(socket, seen, 1);
    EXPECT_EQ(ok["data"]["conversations"], boost::json::value(boost::json::array{{{"id", group}, {"last_seq", 2}}})) << ok;
    EXPECT_EQ(ok["data"]["truncated"].size(), 0U);
    EXPECT_EQ(seen, (Seen{{group, {2}}}));
}

TEST_F(Resume, WithBadPositionsIsAnError) {
    const auto text = [&](const std::string& positions) {
        return R"({"id":1,"type":"resume","epoch":")" + epoch() + R"(","positions":)" + positions + "}";
    };
    for (const auto* positions : {"[]", "7", R"({"x":1})", R"({"-1":1})", R"({"0":1})", R"({"01":1})", R"({"1":-1})", R"({"1":1.5})", R"({"1":"1"})",
                                  R"({"1":9007199254740993})", R"({"9007199254740993":1})", R"({"1":null})", R"({"1":1,"1":2})"}) {
        socket.send_text(text(positions));
        EXPECT_EQ(socket.wait_for_answer(1)["type"], "error") << positions;
    }
    EXPECT_EQ(socket.ask({{"id", 1}, {"type", "resume"}, {"epoch", epoch()}})["error"]["code"], "required");
    socket.send_text(text("{}"));
    EXPECT_EQ(socket.wait_for_answer(1)["type"], "ok") << "nothing named, nothing replayed";
}

TEST_F(Resume, OfFourThousandPositionsFitsAFrame) {
    boost::json::object positions;
    for (std::int64_t id = 1'000'000; positions.size() < 4'000; ++id) positions[std::to_string(id)] = 12'345;
    socket.send({{"id", 1}, {"type", "resume"}, {"epoch", epoch()}, {"positions", positions}});
    EXPECT_EQ(socket.wait_for_answer(1)["data"]["conversations"].size(), 0U);
}

TEST_F(Resume, AgainAndAgainUnderLiveTrafficDoublesAndLosesNothing) {
    std::atomic<bool> done = false;
    std::jthread writer{[&] {
        send_many(ann, group, 1'500);
        done = true;
    }};
    std::mt19937 random{11};
    std::int64_t position = 2;  // of the last event this client has taken
    int resumes = 0;
    while (!done || resumes < 5) {
        // At least one event comes again: the replay's first is then no live one.
        const auto back = std::min<std::int64_t>(position, 1 + static_cast<std::int64_t>(random() % 120));
        const auto from = position - back;
        socket.send(resume_frame(++resumes, epoch(), group, from));
        // Up to its restart the old order goes on; the first event of the replay, or the ok, is where it starts anew.
        std::int64_t live = position, replayed = -1;
        const auto ok = socket.wait_for([&](const Json& frame) {
            if (frame["type"] != "event") return frame["id"] == resumes;
            const auto seq = frame["seq"].integer();
            if (replayed < 0 && seq == live + 1 && seq != from + 1) ++live;
            else if (replayed < 0) EXPECT_EQ(replayed = seq, from + 1) << "resume " << resumes;
            else EXPECT_EQ(seq, ++replayed) << "resume " << resumes;
            return false;
        });
        ASSERT_EQ(ok["type"], "ok") << ok;
        position = replayed < 0 ? live : replayed;
        ASSERT_FALSE(HasFailure()) << "after resume " << resumes << " from " << from;
        EXPECT_LE(ok["data"]["conversations"][0]["last_seq"].integer(), position);
    }
    Seen seen;
    const auto last = bob.get(conversation_target(group))["last_seq"].integer();
    if (position < last) read_to_event(socket, seen, group, last);
    EXPECT_EQ(seen[group], from_to(position + 1, last));
}

TEST_F(Resume, OfANewSocketWhileOthersWriteIsSeamless) {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 2; ++i) writers.emplace_back([&, i] { send_many(i == 0 ? ann : bob, group, 500); });
    std::int64_t position = 2;
    for (int round = 0; round < 8; ++round) {
        SocketClient again{server().address()};
        again.send({{"id", 1},
                    {"type", "auth"},
                    {"access_token", bob.token},
                    {"resume", {{"epoch", epoch()}, {"positions", {{std::to_string(group), position}}}}}});
        Seen seen;
        const auto ok = read_to_answer(again, seen, 1);
        ASSERT_EQ(ok["data"]["conversations"].size(), 1U) << ok;
        if (!seen[group].empty()) {
            EXPECT_EQ(seen[group], from_to(position + 1, seen[group].back())) << "round " << round;
            position = seen[group].back();
        }
    }
    writers.clear();
    EXPECT_EQ(bob.get(conversation_target(group))["last_seq"], 1002);
}

TEST(ResumeAfterARestart, GoesOnInTheSameEpoch) {
    TestServer server;
    auto ann = server.sign_up("ann");
    const auto group = create_group(ann);
    Json first, second;
    auto before = connect(server.address(), ann, &first);
    post_message(ann, group, "one");
    before.wait_for_event("message.created");
    server.restart();
    post_message(ann, group, "two");
    auto after = connect(server.address(), ann, &second);
    EXPECT_EQ(first["epoch"], second["epoch"]);
    after.send(resume_frame(1, first["epoch"].string(), group, 2));
    EXPECT_EQ(after.next()["data"]["message"]["text"], "two");
    EXPECT_EQ(after.next()["type"], "ok");
}

}  // namespace
}  // namespace parley::testing
