// SPDX-License-Identifier: Apache-2.0
#include "chat/log.hpp"

#include "groups/store.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/database.hpp"
#include "support/expect.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <map>
#include <random>
#include <thread>

namespace parley::chat {
namespace {

constexpr ErrorKind refused{"test.refused", ErrorClass::conflict, "Refused."};

/// What a conversation's log should hold, kept the simplest way.
struct Expected {
    Seq seq;
    bool is_message;
    std::string text;
};

class LogTest : public ::testing::Test {
protected:
    LogTest() { start(); }
    ~LogTest() override { db->stop(); }

    void start() {
        db = storage::sqlite::open({.path = (folder.path() / "test.db").string(), .on_trouble = [](std::string_view what) { FAIL() << what; }},
                                   embedded::migrations(), clock)
                 .value();
        log = std::make_unique<Log>(*db, pace);
    }
    /// What a `kill -9` leaves: the files as they are between two commits, and nothing of the memory.
    void crash() {
        std::ignore = db->write_now([&](storage::Transaction&) -> Result<void> {
            std::filesystem::copy(folder.path(), copy.path(), std::filesystem::copy_options::overwrite_existing);
            return fail(refused);
        });
        db->stop();
        log.reset();
        db.reset();
        std::filesystem::copy(copy.path(), folder.path(), std::filesystem::copy_options::overwrite_existing);
        start();
    }

    ConversationId make_conversation() {
        return db
            ->write_now([&](storage::Transaction& tx) -> Result<ConversationId> {
                return groups::insert_conversation(tx, {groups::ConversationKind::group, "g", "", groups::Visibility::private_group, {}}, clock.now())
                    .value();
            })
            .value();
    }
    Result<Seq> append(ConversationId conversation, const std::string& text, EventKind kind = EventKind::message_created, bool failing = false) {
        return db->write_now([&, this](storage::Transaction& tx) -> Result<Seq> {
            const auto seq = log->append(tx, {.conversation = conversation, .kind = kind, .at = clock.now(), .actor = UserId{1}, .text = text}).seq;
            if (failing) return fail(refused);
            return seq;
        });
    }
    template <class F>
    auto read(F function) {
        return db->read_now([&](storage::Connection& on) -> Result<std::invoke_result_t<F&, LogReader>> { return function(log->on(on)); }).value();
    }
    void expect_log(ConversationId conversation, const std::vector<Expected>& expected) {
        const auto rows = read([&](const LogReader& reader) { return reader.events(conversation, 0, 1'000'000); });
        ASSERT_EQ(rows.size(), expected.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            ASSERT_EQ(rows[i].seq, expected[i].seq);
            ASSERT_EQ(rows[i].is_message(), expected[i].is_message);
            ASSERT_EQ(rows[i].text, expected[i].text);
        }
    }

    testing::TemporaryFolder folder, copy;
    SystemClock clock;
    LogIndex::Pace pace{.run_entries = 50, .idle_slice = 20, .least_slice = 7};
    std::unique_ptr<storage::Database> db;
    std::unique_ptr<Log> log;
};

TEST_F(LogTest, SeqsOfEachConversationAreConsecutiveFromOne) {
    const auto a = make_conversation(), b = make_conversation();
    EXPECT_EQ(append(a, "1").value(), 1);
    EXPECT_EQ(append(b, "1").value(), 1);
    EXPECT_EQ(append(a, "2").value(), 2);
    EXPECT_EQ(append(a, "3").value(), 3);
    EXPECT_EQ(append(b, "2").value(), 2);
}

TEST_F(LogTest, UndoneEventLeavesNoGap) {
    const auto a = make_conversation();
    EXPECT_EQ(append(a, "1").value(), 1);
    EXPECT_ERROR(append(a, "never", EventKind::message_created, true), refused);
    EXPECT_EQ(append(a, "2").value(), 2);
    expect_log(a, {{1, true, "1"}, {2, true, "2"}});
}

TEST_F(LogTest, PagesGoBothWaysAndSkipOtherEvents) {
    const auto a = make_conversation();
    for (int i = 1; i <= 40; ++i) ASSERT_OK(append(a, std::to_string(i), i % 4 == 0 ? EventKind::member_joined : EventKind::message_created));
    const auto newest = read([&](const LogReader& reader) { return reader.messages(a, 0, max_id, 3, LogReader::From::newest); });
    EXPECT_EQ(newest.size(), 3U);
    EXPECT_EQ(newest.front().seq, 37);
    EXPECT_EQ(newest.back().seq, 39);
    const auto oldest = read([&](const LogReader& reader) { return reader.messages(a, 2, 7, 10, LogReader::From::oldest); });
    EXPECT_EQ(oldest.size(), 3U);
    EXPECT_EQ(oldest.front().seq, 3);
    EXPECT_EQ(oldest.back().seq, 6);
    EXPECT_FALSE(read([&](const LogReader& reader) { return reader.find_message(a, 4); }).has_value());
    EXPECT_TRUE(read([&](const LogReader& reader) { return reader.find(a, 4); }).has_value());
    EXPECT_FALSE(read([&](const LogReader& reader) { return reader.find(a, 41); }).has_value());
}

TEST_F(LogTest, UnreadCountsMessagesAboveTheMarkThatAreNotDeleted) {
    const auto a = make_conversation();
    for (int i = 1; i <= 10; ++i) ASSERT_OK(append(a, "x", i == 5 ? EventKind::member_joined : EventKind::message_created));
    const auto unread = [&](Seq read_up_to) {
        return read([&](const LogReader& reader) { return reader.unread(a, reader.head(a), {read_up_to, reader.ordinal_at(a, read_up_to)}); });
    };
    EXPECT_EQ(unread(0), 9);
    EXPECT_EQ(unread(5), 5);
    EXPECT_EQ(unread(10), 0);
    ASSERT_OK(db->write_now([&](storage::Transaction& tx) -> Result<void> {
        tx.run("UPDATE log SET deleted_at_us = 1 WHERE conversation_id = $1 AND seq = 7", a);
        return {};
    }));
    EXPECT_EQ(unread(5), 4);
    EXPECT_EQ(unread(7), 3);
}

TEST_F(LogTest, EverythingIsThereAfterACrashBetweenCommitAndIndex) {
    std::mt19937 random{7};
    std::vector<ConversationId> conversations;
    for (int i = 0; i < 5; ++i) conversations.push_back(make_conversation());
    std::map<std::int64_t, std::vector<Expected>> expected;
    for (int round = 0; round < 8; ++round) {
        const auto count = 20 + random() % 90;
        for (unsigned i = 0; i < count; ++i) {
            const auto conversation = conversations[random() % conversations.size()];
            const bool is_message = random() % 5 != 0;
            const auto text = std::to_string(random());
            const auto seq = append(conversation, text, is_message ? EventKind::message_created : EventKind::member_left).value();
            expected[conversation.value].push_back({seq, is_message, text});
        }
        crash();
        for (const auto conversation : conversations) expect_log(conversation, expected[conversation.value]);
    }
}

TEST_F(LogTest, ReaderNeverSeesTheIndexMove) {
    const auto a = make_conversation();
    std::atomic<Seq> acknowledged = 0;
    std::atomic<bool> done = false;
    std::thread reader{[&] {
        while (!done) {
            const Seq at_least = acknowledged;
            const auto rows = read([&](const LogReader& on) { return on.events(a, 0, 1'000'000); });
            ASSERT_GE(std::ssize(rows), at_least) << "a read holds what was acknowledged before it began";
            for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows[i].seq, static_cast<Seq>(i) + 1);
            const auto [head, last] =
                read([&](const LogReader& on) { return std::pair{on.head(a).seq, on.events(a, std::max<Seq>(0, on.head(a).seq - 1), 10)}; });
            if (head > 0) ASSERT_EQ(last.size(), 1U) << "the head is the last event of the same snapshot";
        }
    }};
    for (int i = 0; i < 600; ++i) acknowledged = append(a, "x").value();
    done = true;
    reader.join();
    expect_log(a, read([&](const LogReader&) {
                   std::vector<Expected> all;
                   for (Seq seq = 1; seq <= 600; ++seq) all.push_back({seq, true, "x"});
                   return all;
               }));
}

TEST_F(LogTest, IdleWriterPlacesEverything) {
    const auto a = make_conversation();
    for (int i = 0; i < 70; ++i) ASSERT_OK(append(a, "x"));
    const auto give_up = clock.steady() + std::chrono::seconds{10};
    while (log->unplaced() > 0 && clock.steady() < give_up) std::this_thread::yield();
    EXPECT_EQ(log->unplaced(), 0U);
    EXPECT_EQ(read([&](const LogReader& reader) { return reader.head(a).seq; }), 70);
    EXPECT_EQ(read([&](const LogReader& reader) { return reader.events(a, 0, 100).size(); }), 70U);
}

TEST_F(LogTest, ClientIdIsFoundForItsSenderAndConversationOnly) {
    const auto a = make_conversation(), b = make_conversation();
    ASSERT_OK(db->write_now([&](storage::Transaction& tx) -> Result<void> {
        log->append(tx, {.conversation = a, .at = clock.now(), .actor = UserId{1}, .text = "x", .client_id = "key"});
        return {};
    }));
    const auto find = [&](ConversationId conversation, UserId user) {
        return read([&](const LogReader& on) { return on.find_by_client_id(conversation, user, "key"); });
    };
    EXPECT_EQ(find(a, UserId{1}), 1);
    EXPECT_EQ(find(a, UserId{2}), std::nullopt);
    EXPECT_EQ(find(b, UserId{1}), std::nullopt);
}

}  // namespace
}  // namespace parley::chat
