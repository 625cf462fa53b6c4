// SPDX-License-Identifier: Apache-2.0
#include "chat/log.hpp"
#include "faults/run.hpp"
#include "groups/store.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/database.hpp"
#include "support/fakes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <csignal>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace parley::faults {
namespace {

constexpr std::int64_t conversations = 12;
/// So small that a run is placed every few commits, in several slices.
constexpr chat::LogIndex::Pace pace{.run_entries = 40, .idle_slice = 16, .least_slice = 8};

/// The log on a folder, as a server has it.
struct Storage {
    explicit Storage(const std::filesystem::path& folder)
        : db(storage::sqlite::open({.path = (folder / "test.db").string()}, embedded::migrations(), clock).value()),
          log(*db, pace) {}
    ~Storage() { db->stop(); }
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;

    SystemClock clock;
    std::unique_ptr<storage::Database> db;
    chat::Log log;
};

void make_conversations(const std::filesystem::path& folder) {
    Storage storage{folder};
    ASSERT_TRUE(storage.db->write_now([&](storage::Transaction& tx) -> Result<void> {
        for (std::int64_t i = 0; i < conversations; ++i)
            groups::insert_conversation(tx, {groups::ConversationKind::group, "g", "", groups::Visibility::private_group, {}}, storage.clock.now());
        return {};
    }));
}

struct Told {
    std::int64_t conversation, seq;
};

/// In the child: appends until it is killed, and tells of each event when its commit holds.
[[noreturn]] void append_for_ever(const std::filesystem::path& folder, int out, std::uint64_t seed) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    Storage storage{folder};
    std::mt19937_64 chance{seed};
    for (std::int64_t count = 0;; ++count) {
        const ConversationId conversation{1 + static_cast<std::int64_t>(chance() % conversations)};
        const auto kind = chance() % 5 == 0 ? chat::EventKind::message_pinned : chat::EventKind::message_created;
        const auto seq = storage.db->write_now([&](storage::Transaction& tx) -> Result<Seq> {
            const auto key = fmt::format("{}-{}", seed, count);
            return storage.log
                .append(tx,
                        {.conversation = conversation, .kind = kind, .at = storage.clock.now(), .actor = UserId{1}, .text = key, .client_id = key})
                .seq;
        });
        const Told told{conversation.value, seq.value_or(-1)};
        if (::write(out, &told, sizeof told) != sizeof told) ::_exit(1);
    }
}

using Heads = std::map<std::int64_t, Seq>;

/// Reads what the child tells until it has told so much, kills it, and reads what else it had told.
void kill_after(pid_t child, int in, int events, std::chrono::microseconds later, Heads& heads) {
    Told told{};
    for (int i = 0; ::read(in, &told, sizeof told) == sizeof told; ++i) {
        EXPECT_EQ(told.seq, heads[told.conversation] + 1);
        heads[told.conversation] = told.seq;
        if (i != events) continue;
        const timespec moment{0, static_cast<long>(later.count()) * 1000};
        ::ppoll(nullptr, 0, &moment, nullptr);
        ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
}

void expect_whole(const std::filesystem::path& folder, Heads& heads) {
    const Storage storage{folder};
    for (std::int64_t id = 1; id <= conversations; ++id) {
        const auto read =
            storage.db->read_now([&](storage::Connection& db) -> Result<std::pair<std::vector<chat::LogRow>, std::vector<chat::LogRow>>> {
                const auto reader = storage.log.on(db);
                return std::pair{reader.events(ConversationId{id}, 0, 1'000'000),
                                 reader.messages(ConversationId{id}, 0, 1'000'000, 1'000'000, chat::LogReader::From::oldest)};
            });
        ASSERT_TRUE(read);
        const auto& [events, messages] = *read;
        // What was told is there; one more may be, whose commit the child did not live to tell.
        EXPECT_GE(std::ssize(events), heads[id]);
        EXPECT_LE(std::ssize(events), heads[id] + 1);
        for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].seq, static_cast<Seq>(i) + 1);
        EXPECT_EQ(std::ranges::count_if(events, [](const chat::LogRow& row) { return row.is_message(); }), std::ssize(messages));
        heads[id] = std::ssize(events);
    }
}

TEST(LogIndex, IsCompletedAfterItsProcessWasKilledBetweenACommitAndItsRun) {
    const testing::TemporaryFolder folder;
    make_conversations(folder.path());
    std::mt19937_64 chance{seed_of_run()};
    Heads heads;
    for (int i = 0; i < 12; ++i) {
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
        const auto seed = chance();
        const auto child = ::fork();
        if (child == 0) append_for_ever(folder.path(), ends[1], seed);
        ::close(ends[1]);
        kill_after(child, ends[0], static_cast<int>(chance() % 200), std::chrono::microseconds{chance() % 5000}, heads);
        ::close(ends[0]);
        expect_whole(folder.path(), heads);
    }
}

}  // namespace
}  // namespace parley::faults
