// SPDX-License-Identifier: Apache-2.0
#include "faults/disk_image.hpp"
#include "faults/history.hpp"
#include "faults/run.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iostream>

/// The power goes: every write of a real server is recorded, disks are built as they may be found then, and the real server starts on them.
namespace parley::faults {
namespace {

using testing::ServerProcess;

/// A message that was acknowledged, or a file, and how long the log of the disk was when its sender knew.
struct Acknowledged {
    std::int64_t seq = 0, file = 0;
    std::string text;
    std::uint64_t log_bytes = 0;
};

/// A server under the recorder, and what it was told to keep.
class Recording {
public:
    explicit Recording(std::uint64_t seed) : chance_(seed) {
        std::filesystem::create_directory(folder_.path() / "one");
        auto options = server_options(folder_.path() / "one");
        options.settings.emplace_back("LD_PRELOAD", DISK_RECORDER);
        options.settings.emplace_back("DISK_ROOT", root().string());
        options.settings.emplace_back("DISK_LOG", log().string());
        ServerProcess server{options};
        server.start();
        talk(server.address());
        server.kill();
        history = read_disk_log(log());
    }
    std::filesystem::path root() const { return folder_.path() / "one" / "data"; }
    std::filesystem::path folder() const { return folder_.path(); }
    std::filesystem::path log() const { return folder_.path() / "disk"; }

    DiskHistory history;
    std::vector<Acknowledged> acknowledged;
    std::string token;
    std::int64_t group = 0;

private:
    std::uint64_t log_bytes() const { return std::filesystem::file_size(log()); }
    void talk(const std::string& address) {
        auto ann = testing::ApiClient::sign_up(address, "ann");
        token = ann.token;
        group = ann.post("/groups", {{"name", "g"}})["id"].integer();
        const int messages = is_long_run() ? 600 : 150;
        for (int i = 0; i < messages; ++i) {
            Acknowledged one{.text = fmt::format("{} {}", i, std::string(chance_() % 3000, 'x'))};
            boost::json::object body{{"text", one.text}};
            if (i % 10 == 3) {
                one.file =
                    ann.send_form("/files", {{.name = "file", .content = std::string(chance_() % 60'000, 'f'), .filename = "f"}})["id"].integer();
                body["file_ids"] = boost::json::array{one.file};
            }
            const auto answer = ann.post(fmt::format("/conversations/{}/messages", group), body);
            one.seq = answer["seq"].integer();
            one.log_bytes = log_bytes();
            if (answer.status == 201) acknowledged.push_back(one);
        }
    }

    std::mt19937_64 chance_;
    testing::TemporaryFolder folder_;
};

/// How many acknowledged messages and files a server on this image does not have; complaints of `parley check` count, too.
int losses(const Recording& recording, std::size_t upto, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    const auto options = server_options(folder);
    int lost = 0;
    {
        ServerProcess server{options};
        try {
            server.start();
        } catch (const std::exception& trouble) {
            std::cout << "it does not start: " << trouble.what() << '\n';
            return 1;
        }
        testing::ApiClient ann{server.address()};
        ann.token = recording.token;
        for (const auto& one : recording.acknowledged) {
            if (recording.history.changes_in(one.log_bytes) > upto) break;
            const auto message = ann.get(fmt::format("/conversations/{}/messages/{}", recording.group, one.seq));
            if (message.status != 200 || !(message["text"] == one.text)) ++lost;
            if (one.file != 0 && ann.get(fmt::format("/files/{}/content", one.file)).status != 200) ++lost;
        }
    }
    const auto checked = ServerProcess::run(options, {"check"});
    if (checked.code == 0) return lost;
    std::cout << checked.output;
    return lost + 1;
}

int images_of_run() { return is_long_run() ? 2000 : 100; }

TEST(PowerCut, LosesNothingThatWasAcknowledged) {
    const auto seed = seed_of_run();
    const Recording recording{seed};
    ASSERT_GT(recording.acknowledged.size(), 100U);
    std::mt19937_64 chance{seed};
    std::size_t compared = 0;
    for (int i = 0; i < images_of_run(); ++i) {
        const auto upto = 1 + chance() % recording.history.changes.size();
        const auto image_seed = chance();
        const auto folder = recording.folder() / fmt::format("image {}", i);
        DiskImage{recording.history, upto, image_seed}.write(recording.root(), folder / "data");
        const auto lost = losses(recording, upto, folder);
        EXPECT_EQ(lost, 0) << "image of " << upto << " changes of " << recording.history.changes.size() << ", seed " << image_seed;
        for (const auto& one : recording.acknowledged) compared += recording.history.changes_in(one.log_bytes) <= upto ? 1 : 0;
        std::filesystem::remove_all(folder);
        if (::testing::Test::HasFailure()) break;
    }
    std::cout << "images: " << images_of_run() << "; acknowledged messages looked for: " << compared
              << "; changes recorded: " << recording.history.changes.size() << '\n';
}

/// The control: if the write-ahead log's fsync did nothing, something acknowledged has to be missed, or this test proves nothing.
TEST(PowerCut, OnADiskThatLiesIsNoticed) {
    const auto seed = seed_of_run();
    const Recording recording{seed};
    std::mt19937_64 chance{seed};
    int lost = 0;
    for (int i = 0; i < 40 && lost == 0; ++i) {
        const auto upto = recording.history.changes.size() / 2 + chance() % (recording.history.changes.size() / 2);
        const auto folder = recording.folder() / fmt::format("image {}", i);
        DiskImage{recording.history, upto, chance(), "-wal"}.write(recording.root(), folder / "data");
        lost += losses(recording, upto, folder);
    }
    EXPECT_GT(lost, 0);
}

}  // namespace
}  // namespace parley::faults
