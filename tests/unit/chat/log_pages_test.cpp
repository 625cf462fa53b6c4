// SPDX-License-Identifier: Apache-2.0
#include "chat/log.hpp"

#include "groups/store.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/database.hpp"
#include "support/expect.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <random>

namespace parley::chat {
namespace {

class LogPagesTest : public ::testing::Test {
protected:
    ~LogPagesTest() override { db->stop(); }

    ConversationId make_conversation() {
        return db
            ->write_now([&](storage::Transaction& tx) -> Result<ConversationId> {
                return groups::insert_conversation(tx, {groups::ConversationKind::group, "g", "", groups::Visibility::private_group, {}}, clock.now())
                    .value();
            })
            .value();
    }
    void append(ConversationId conversation, EventKind kind) {
        ASSERT_OK(db->write_now([&](storage::Transaction& tx) -> Result<Seq> {
            return log.append(tx, {.conversation = conversation, .kind = kind, .at = clock.now(), .actor = UserId{1}, .text = "x"}).seq;
        }));
    }
    void remove(ConversationId conversation, Seq seq) {
        ASSERT_OK(db->write_now([&](storage::Transaction& tx) -> Result<void> {
            tx.run("UPDATE log SET deleted_at_us = 1 WHERE conversation_id = $1 AND seq = $2", conversation, seq);
            return {};
        }));
    }
    std::vector<Seq> living(ConversationId conversation, std::int64_t skip, std::int64_t limit) {
        return db
            ->read_now([&](storage::Connection& on) -> Result<std::vector<Seq>> {
                const auto reader = log.on(on);
                std::vector<Seq> seqs;
                for (const auto& row : reader.living_from_newest(conversation, reader.head(conversation), skip, limit)) seqs.push_back(row.seq);
                return seqs;
            })
            .value();
    }

    testing::TemporaryFolder folder;
    SystemClock clock;
    std::unique_ptr<storage::Database> db =
        storage::sqlite::open({.path = (folder.path() / "test.db").string(), .on_trouble = [](std::string_view what) { FAIL() << what; }},
                              embedded::migrations(), clock)
            .value();
    Log log{*db, {.run_entries = 50, .idle_slice = 20, .least_slice = 7}};
};

TEST_F(LogPagesTest, AnEmptyConversationHasNone) {
    const auto a = make_conversation();
    EXPECT_TRUE(living(a, 0, 10).empty());
    append(a, EventKind::member_joined);
    EXPECT_TRUE(living(a, 0, 10).empty());
}

TEST_F(LogPagesTest, DeletedMessagesAndOtherEventsArePassedOver) {
    const auto a = make_conversation();
    for (int i = 1; i <= 9; ++i) append(a, i % 3 == 0 ? EventKind::member_joined : EventKind::message_created);  // messages: 1 2 4 5 7 8
    remove(a, 8);
    remove(a, 4);
    EXPECT_EQ(living(a, 0, 10), (std::vector<Seq>{7, 5, 2, 1}));
    EXPECT_EQ(living(a, 1, 2), (std::vector<Seq>{5, 2}));
    EXPECT_EQ(living(a, 3, 2), (std::vector<Seq>{1}));
    EXPECT_TRUE(living(a, 4, 2).empty());
}

TEST_F(LogPagesTest, EveryPageIsThatOfAPlainList) {
    std::mt19937 random{3};
    const auto a = make_conversation(), other = make_conversation();
    std::vector<Seq> messages;
    for (Seq seq = 1; seq <= 400; ++seq) {
        const bool is_message = random() % 3 != 0;
        append(a, is_message ? EventKind::message_created : EventKind::reaction_added);
        if (is_message) messages.push_back(seq);
        if (random() % 5 == 0) append(other, EventKind::message_created);
    }
    std::vector<Seq> expected;
    for (const auto seq : messages) {
        const bool deleted = random() % 3 == 0 || (seq > 150 && seq < 250);  // and a long run of them
        if (deleted) remove(a, seq);
        else expected.insert(expected.begin(), seq);
    }
    for (std::size_t skip = 0; skip <= expected.size(); skip += 1 + random() % 9) {
        const auto end = std::min(expected.size(), skip + 10);
        const std::vector<Seq> page(expected.begin() + static_cast<std::ptrdiff_t>(skip), expected.begin() + static_cast<std::ptrdiff_t>(end));
        ASSERT_EQ(living(a, static_cast<std::int64_t>(skip), 10), page) << skip;
    }
}

TEST_F(LogPagesTest, MoreDeletionsThanOneReadBringsArePassedOver) {
    const auto a = make_conversation();
    ASSERT_OK(db->write_now([&](storage::Transaction& tx) -> Result<void> {
        for (int i = 0; i < 1503; ++i)
            log.append(tx, {.conversation = a, .kind = EventKind::message_created, .at = clock.now(), .actor = UserId{1}, .text = "x"});
        tx.run("UPDATE log SET deleted_at_us = 1 WHERE conversation_id = $1 AND seq BETWEEN 2 AND 1501", a);
        return {};
    }));
    EXPECT_EQ(living(a, 0, 10), (std::vector<Seq>{1503, 1502, 1}));
    EXPECT_EQ(living(a, 2, 10), (std::vector<Seq>{1}));
}

}  // namespace
}  // namespace parley::chat
