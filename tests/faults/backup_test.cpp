// SPDX-License-Identifier: Apache-2.0
#include "faults/run.hpp"
#include "storage/sqlite/connection.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>

/// The real commands on the folder of a server under load, and a drill: everything comes back.
namespace parley::faults {
namespace {

using testing::ServerProcess;

ServerProcess::Ended backup(const std::filesystem::path& of, const std::filesystem::path& to) {
    return ServerProcess::run(server_options(of), {"backup", to.string()});
}

/// What a server says that was restored from a backup into `folder`.
History restored_state(const World& world, const std::filesystem::path& from, const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder);
    const auto options = server_options(folder);
    const auto restored = ServerProcess::run(options, {"restore", from.string()});
    EXPECT_EQ(restored.code, 0) << restored.output;
    ServerProcess server{options};
    server.start();
    History history;
    read_final_state(world.signed_in_again(server.address()), server.address(), history);
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait_for_exit(testing::patience), 0);
    const auto checked = ServerProcess::run(options, {"check"});
    EXPECT_EQ(checked.code, 0) << checked.output;
    return history;
}

/// How many acknowledged sends of before `moment` are not in the state.
std::ptrdiff_t missing(const History& history, std::int64_t moment, const History& state) {
    return std::ranges::count_if(history.sends, [&](const Send& send) {
        if (send.outcome != Outcome::ok || send.span.ended >= moment) return false;
        const auto& log = state.conversations.at(send.conversation).log;
        const auto at = static_cast<std::size_t>(send.seq) - 1;
        return at >= log.size() || log[at].key != send.key || log[at].actor != send.sender;
    });
}

bool is_beginning_of(const std::vector<Entry>& part, const std::vector<Entry>& whole) {
    return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

TEST(Backup, MadeUnderLoadHoldsWhatWasAcknowledgedBeforeItBegan) {
    faults::Run run{seed_of_run(), Load{.writers = 4}};
    run.begin();
    EXPECT_TRUE(run.stage().wait_for_acknowledgements(1000, testing::patience));
    const auto backups = run.folder() / "backups";
    const auto begun = moment_ns();
    const auto made = backup(run.folder(), backups);
    EXPECT_EQ(made.code, 0) << made.output;
    EXPECT_TRUE(run.stage().wait_for_acknowledgements(500, testing::patience));
    const auto history = run.end();
    expect_no_anomalies(history);
    const auto state = restored_state(run.world(), backups, run.folder() / "restored");
    EXPECT_EQ(missing(history, begun, state), 0);
    for (const auto& [id, conversation] : state.conversations)
        EXPECT_TRUE(is_beginning_of(conversation.log, history.conversations.at(id).log)) << "conversation " << id;
    for (const auto& [id, file] : state.files) EXPECT_EQ(file.content_sha256, file.sha256) << "file " << id;
}

TEST(Backup, DrillBringsEveryMessageAndFileBack) {
    faults::Run run{seed_of_run()};
    run.begin();
    EXPECT_TRUE(run.stage().wait_for_acknowledgements(1000, testing::patience));
    const auto backups = run.folder() / "backups";
    EXPECT_EQ(backup(run.folder(), backups).code, 0);
    EXPECT_TRUE(run.stage().wait_for_acknowledgements(500, testing::patience));
    const auto history = run.end();
    const auto made = backup(run.folder(), backups);  // the second one, of a server that has ended: it copies what is new
    EXPECT_EQ(made.code, 0) << made.output;
    const auto state = restored_state(run.world(), backups, run.folder() / "restored");
    EXPECT_TRUE(state.conversations == history.conversations);
    EXPECT_TRUE(state.files == history.files);
    std::size_t messages = 0;
    for (const auto& [id, conversation] : state.conversations) messages += conversation.messages.size();
    std::cout << fmt::format("messages compared: {}; files compared: {}; {}", messages, state.files.size(), made.output);
}

/// A server with one message and a file, which has ended.
class DataTest : public ::testing::Test {
protected:
    DataTest() {
        std::filesystem::create_directory(folder.path() / "one");
        ServerProcess server{options};
        server.start();
        auto ann = testing::ApiClient::sign_up(server.address(), "ann");
        group = ann.post("/groups", {{"name", "g"}})["id"].integer();
        file = ann.send_form("/files", {{.name = "file", .content = std::string(100'000, 'x'), .filename = "x"}})["id"].integer();
        ann.post(fmt::format("/conversations/{}/messages", group), {{"text", "kept"}, {"file_ids", boost::json::array{file}}});
        server.signal(SIGTERM);
        server.wait_for_exit(testing::patience);
    }
    ServerProcess::Ended parley(const std::vector<std::string>& words) const { return ServerProcess::run(options, words); }
    std::filesystem::path blob() const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{options.data_folder / "blobs"}) {
            if (entry.is_regular_file() && entry.file_size() == 100'000) return entry.path();
        }
        return {};
    }
    static void flip_a_bit(const std::filesystem::path& path, std::streamoff at) {
        std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
        file.seekg(at);
        const char byte = static_cast<char>(file.get() ^ 0x10);
        file.seekp(at);
        file.put(byte);
    }

    testing::TemporaryFolder folder;
    ServerProcess::Options options = server_options(folder.path() / "one");
    std::int64_t group = 0, file = 0;
};

TEST_F(DataTest, IsFoundToBeAsItShould) {
    const auto checked = parley({"check"});
    EXPECT_EQ(checked.code, 0);
    EXPECT_EQ(checked.output, "Everything is as it should be.\n");
}

TEST_F(DataTest, AFlippedBitInAFileIsFoundLeftOutOfABackupAndRepaired) {
    flip_a_bit(blob(), 50'000);
    EXPECT_EQ(parley({"check"}).output, fmt::format("file {}: its bytes are not those that were uploaded\nFindings: 1.\n", file));
    const auto made = parley({"backup", (folder.path() / "backups").string()});
    EXPECT_EQ(made.code, 1) << made.output;
    EXPECT_TRUE(made.output.contains(fmt::format("file {}: its bytes are missing or wrong", file))) << made.output;
    const auto repaired = parley({"check", "--repair"});
    EXPECT_EQ(repaired.code, 0) << repaired.output;
    EXPECT_TRUE(std::filesystem::exists(options.data_folder / "damaged" / fmt::format("file-{}", file)));
    ServerProcess server{options};
    server.start();
    testing::ApiClient ann{server.address()};
    ann.username = "ann";
    EXPECT_EQ(ann.sign_in().status, 200);
    EXPECT_EQ(ann.get(fmt::format("/files/{}/content", file)).status, 410);
    EXPECT_EQ(ann.get(fmt::format("/conversations/{}/messages", group))["items"][0]["text"], "kept");
}

TEST_F(DataTest, AMissingFileAndOneTooManyAreFoundAndRepaired) {
    const auto path = blob();
    std::filesystem::create_directories(options.data_folder / "blobs/st/ra");
    std::filesystem::rename(path, options.data_folder / "blobs/st/ra/stranger");
    const auto checked = parley({"check"});
    EXPECT_EQ(checked.code, 1);
    EXPECT_EQ(checked.output, fmt::format("blob stranger: it belongs to no file\nfile {}: its bytes are missing\nFindings: 2.\n", file));
    const auto repaired = parley({"check", "--repair"});
    EXPECT_EQ(repaired.code, 0) << repaired.output;
}

TEST_F(DataTest, AFlippedBitInABackupIsFoundBeforeAServerRunsOnIt) {
    const auto backups = folder.path() / "backups";
    ASSERT_EQ(parley({"backup", backups.string()}).code, 0);
    std::filesystem::path database, content;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{backups}) {
        if (entry.path().filename() == "parley.db") database = entry.path();
        if (entry.is_regular_file() && entry.file_size() == 100'000) content = entry.path();
    }
    const auto other = server_options(folder.path() / "two");
    std::filesystem::create_directory(folder.path() / "two");
    flip_a_bit(content, 7);
    const auto restored = ServerProcess::run(other, {"restore", backups.string()});
    EXPECT_EQ(restored.code, 1) << restored.output;
    EXPECT_TRUE(restored.output.contains("is not what was backed up")) << restored.output;
    const auto served = ServerProcess::run(other, {"serve"});
    EXPECT_EQ(served.code, 1) << served.output;
    EXPECT_TRUE(served.output.contains("did not finish")) << served.output;
    flip_a_bit(content, 7);
    flip_a_bit(database, 40'000);
    EXPECT_EQ(ServerProcess::run(other, {"restore", backups.string()}).code, 1);
    flip_a_bit(database, 40'000);
    EXPECT_EQ(ServerProcess::run(other, {"restore", backups.string()}).code, 0) << "it goes on where it failed";
    EXPECT_EQ(ServerProcess::run(other, {"check"}).code, 0);
    EXPECT_EQ(ServerProcess::run(other, {"restore", backups.string()}).code, 1) << "the folder is not empty";
}

TEST_F(DataTest, OnlyTheNewestBackupsAreKeptWithWhatTheyNeed) {
    const auto backups = folder.path() / "backups";
    for (int i = 0; i < 3; ++i) ASSERT_EQ(parley({"backup", backups.string(), "--keep", "2"}).code, 0);
    const auto snapshots = std::filesystem::directory_iterator{backups / "snapshots"};
    EXPECT_EQ(std::distance(begin(snapshots), end(snapshots)), 2);
    const auto other = server_options(folder.path() / "two");
    std::filesystem::create_directory(folder.path() / "two");
    EXPECT_EQ(ServerProcess::run(other, {"restore", backups.string()}).code, 0);
}

TEST_F(DataTest, ADamagedIndexIsFoundAndMadeAnew) {
    {
        storage::sqlite::SqliteConnection db{(options.data_folder / "parley.db").string(), storage::sqlite::SqliteConnection::Role::writer};
        db.run("DELETE FROM by_position WHERE seq = 2");
        db.run("UPDATE by_position SET log_id = log_id + 77 WHERE seq = 1");
        db.run("DELETE FROM sent");
        db.run("UPDATE conversations SET member_count = 9, last_seq = 1");
    }
    const auto checked = parley({"check"});
    EXPECT_EQ(checked.code, 1);
    for (const auto* finding : {"the index does not lead to event 2", "which is not there", "it has 1 members, not 9"})
        EXPECT_TRUE(checked.output.contains(finding)) << checked.output;
    const auto repaired = parley({"check", "--repair"});
    EXPECT_EQ(repaired.code, 0) << repaired.output;
}

TEST_F(DataTest, AGapInALogIsFoundAndNotHidden) {
    {
        storage::sqlite::SqliteConnection db{(options.data_folder / "parley.db").string(), storage::sqlite::SqliteConnection::Role::writer};
        db.run("DELETE FROM log WHERE seq = 1");
    }
    EXPECT_EQ(parley({"check"}).code, 1);
    const auto repaired = parley({"check", "--repair"});
    EXPECT_EQ(repaired.code, 1);
    EXPECT_TRUE(repaired.output.contains("some are missing, or there twice")) << repaired.output;
}

}  // namespace
}  // namespace parley::faults
