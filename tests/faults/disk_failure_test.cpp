// SPDX-License-Identifier: Apache-2.0
#include "faults/run.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <array>
#include <cerrno>
#include <iostream>
#include <vector>

/// The n-th write, sync, open or rename of a real server fails, once or from there on, with EIO or ENOSPC. What was acknowledged is there after a
/// restart, and a server that does not trust its disk any more acknowledges nothing.
namespace parley::faults {
namespace {

using testing::ServerProcess;

struct Fault {
    const char* call;
    int at;
    int code;
    bool always;
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) {
    return out << fault.call << ' ' << fault.at << (fault.always ? " and all after it" : "") << ", " << (fault.code == EIO ? "EIO" : "ENOSPC");
}

struct Kept {
    std::int64_t group = 0;
    std::vector<std::pair<std::int64_t, std::string>> messages;  // seq and text
    std::vector<std::int64_t> files;
};

/// A server whose folder exists already, so that accounts are there; then the fault, a little talk, and its end.
class Failing {
public:
    Failing() {
        std::filesystem::create_directory(folder_.path() / "one");
        ServerProcess server{options_};
        server.start();
        auto ann = testing::ApiClient::sign_up(server.address(), "ann");
        token_ = ann.token;
        group_ = ann.post("/groups", {{"name", "g"}})["id"].integer();
        server.kill();
    }

    /// What was acknowledged while the fault was there. `started`: whether the server came up at all.
    Kept run(const Fault& fault, bool& started) {
        auto options = options_;
        options.settings.emplace_back("LD_PRELOAD", DISK_FAILER);
        options.settings.emplace_back("DISK_ROOT", options_.data_folder.string());
        options.settings.emplace_back("DISK_FAIL", fault.call);
        options.settings.emplace_back("DISK_FAIL_AT", std::to_string(fault.at));
        options.settings.emplace_back("DISK_FAIL_CODE", std::to_string(fault.code));
        options.settings.emplace_back("DISK_FAIL_ALWAYS", fault.always ? "1" : "0");
        ServerProcess server{options};
        Kept kept{.group = group_};
        try {
            server.start();
            started = true;
            talk(server.address(), kept);
        } catch (const std::exception&) {  // it ended, or did not start: both may be
        }
        server.kill();
        return kept;
    }

    /// After a restart on a good disk.
    int lost(const Kept& kept) {
        ServerProcess server{options_};
        server.start();
        testing::ApiClient ann{server.address()};
        ann.token = token_;
        int lost = 0;
        for (const auto& [seq, text] : kept.messages)
            lost += ann.get(fmt::format("/conversations/{}/messages/{}", group_, seq))["text"] == text ? 0 : 1;
        for (const auto file : kept.files) lost += ann.get(fmt::format("/files/{}/content", file)).status == 200 ? 0 : 1;
        server.kill();
        const auto checked = ServerProcess::run(options_, {"check"});
        if (checked.code != 0) std::cout << checked.output;
        return lost + (checked.code != 0 ? 1 : 0);
    }

private:
    void talk(const std::string& address, Kept& kept) {
        testing::ApiClient ann{address};
        ann.token = token_;
        for (int i = 0; i < 12; ++i) {
            const auto text = fmt::format("message {}", ++count_);
            const auto answer = ann.post(fmt::format("/conversations/{}/messages", group_), {{"text", text}});
            if (answer.status == 201) kept.messages.emplace_back(answer["seq"].integer(), text);
            EXPECT_TRUE(answer.status == 201 || answer.status >= 500) << answer;
            if (i % 4 != 1) continue;
            const auto file = ann.send_form("/files", {{.name = "file", .content = std::string(5000, 'f'), .filename = "f"}});
            if (file.status == 201) kept.files.push_back(file["id"].integer());
            EXPECT_TRUE(file.status == 201 || file.status >= 500) << file;
        }
    }

    testing::TemporaryFolder folder_;
    ServerProcess::Options options_ = server_options(folder_.path() / "one");
    std::string token_;
    std::int64_t group_ = 0;
    int count_ = 0;
};

std::vector<Fault> faults() {
    std::vector<Fault> all;
    const int densely = is_long_run() ? 80 : 6, step = is_long_run() ? 1 : 7;
    for (const auto* call : {"write", "sync", "open", "rename"}) {
        for (int at = 1; at <= densely * (is_long_run() ? 1 : step); at += at < densely ? 1 : step) {
            for (const int code : {EIO, ENOSPC}) {
                for (const bool always : {false, true}) all.push_back({call, at, code, always});
            }
        }
    }
    return all;
}

TEST(DiskFailure, OfAnyCallLosesNothingThatWasAcknowledged) {
    Failing failing;
    std::size_t acknowledged = 0, starts = 0;
    for (const auto& fault : faults()) {
        bool started = false;
        const auto kept = failing.run(fault, started);
        starts += started ? 1 : 0;
        acknowledged += kept.messages.size() + kept.files.size();
        ASSERT_EQ(failing.lost(kept), 0) << fault;
    }
    std::cout << "faults: " << faults().size() << "; of them with a server that started: " << starts
              << "; acknowledged and found again: " << acknowledged << '\n';
    EXPECT_GT(acknowledged, faults().size());
}

/// trust.md P19: the first start makes the folder, the keys and the whole schema. It is killed at its n-th write or sync, for every n there is; the
/// next start finds nothing that keeps it from being complete.
TEST(FirstStart, KilledAtAnyWriteOrSyncIsMadeGoodByTheNext) {
    int kills = 0;
    for (const auto* call : {"write", "sync"}) {
        for (int at = 1;; at += is_long_run() ? 1 : 7) {
            const testing::TemporaryFolder folder;
            std::filesystem::create_directory(folder.path() / "one");
            const auto good = server_options(folder.path() / "one");
            auto killed = good;
            for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"LD_PRELOAD", DISK_FAILER},
                                                                                              {"DISK_ROOT", good.data_folder.string()},
                                                                                              {"DISK_FAIL", call},
                                                                                              {"DISK_FAIL_AT", std::to_string(at)},
                                                                                              {"DISK_FAIL_CODE", "KILL"}})
                killed.settings.emplace_back(name, value);
            if (ServerProcess::run(killed, {"migrate"}).code == 0) break;  // it has fewer
            ++kills;
            ServerProcess server{good};
            ASSERT_NO_THROW(server.start()) << call << ' ' << at;
            EXPECT_NO_THROW(testing::ApiClient::sign_up(server.address(), "ann")) << call << ' ' << at;
            server.kill();
            const auto checked = ServerProcess::run(good, {"check"});
            EXPECT_EQ(checked.code, 0) << call << ' ' << at << ": " << checked.output;
        }
    }
    std::cout << "starts killed: " << kills << '\n';
    EXPECT_GT(kills, 10);
}

}  // namespace
}  // namespace parley::faults
