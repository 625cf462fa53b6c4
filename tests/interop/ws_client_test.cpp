// SPDX-License-Identifier: Apache-2.0
#include "core/sha256.hpp"
#include "interop/oracle.hpp"
#include "support/test_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <fstream>
#include <iterator>
#include <string>

/// Other people's clients on the whole server: ws and fetch on Node, curl.
namespace parley::interop {
namespace {

using testing::ApiClient, testing::TemporaryFolder, testing::TestServer;

TEST(NodeClients, LiveTheirWholeLife) {
    TestServer server{{{"server.allowed_origins", "https://app.example"}}};
    json::Document document;
    const auto question = fmt::format(R"({{"address":"{}","origin":"https://app.example"}})", server.address());
    const auto answer = ask_json(document, node, "ws_client.mjs", question);
    for (const auto member : answer) EXPECT_GT(member.integer(), 45) << "every step is checked";
    EXPECT_EQ(answer.size(), 1U);
}

/// curl with its config on standard input, so that the token stands in no command line.
class Curl : public ::testing::Test {
protected:
    Curl() { std::ofstream{path("content"), std::ios::binary} << content; }

    std::string path(std::string_view name) const { return (folder.path() / name).string(); }
    std::string url(std::string_view target) const { return fmt::format("http://{}{}", server.address(), target); }
    std::string read(std::string_view name) const {
        std::ifstream file{path(name), std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    /// Runs curl; `options` are lines of its config file.
    std::string curl(std::string_view options) const {
        std::ofstream{path("config")} << "silent\nshow-error\nmax-time = 20\nheader = \"Authorization: Bearer " << ann.token << "\"\n" << options;
        return run_program(fmt::format("curl --disable --config '{}'", path("config")));
    }
    /// Uploads by form and returns the file's id.
    std::string upload(std::string_view more = {}) const {
        json::Document document;
        const auto answer = curl(fmt::format("url = \"{}\"\nform = \"file=@{};filename=c.bin\"\n{}", url("/api/v1/files"), path("content"), more));
        if (!document.parse(answer)) throw std::runtime_error("no JSON: " + answer);
        std::string id;
        for (const auto member : document.root()) {
            if (member.key() == "id") id = std::to_string(member.integer());
            if (member.key() == "sha256") EXPECT_EQ(member.string(), sha256_hex(content));
        }
        return id;
    }

    TestServer server;
    ApiClient ann = server.sign_up("ann");
    TemporaryFolder folder;
    const std::string content = [] {
        std::string bytes;
        for (unsigned i = 0; i < 3'000'000; ++i) bytes += static_cast<char>((i * 13 + i / 999) & 0xFFU);
        return bytes;
    }();
};

TEST_F(Curl, UploadsAfterItWasAskedToGoOn) {
    // curl waits a second for 100 (Continue) unless it is told to wait longer: here an answer has to come.
    const auto id = upload("header = \"Expect: 100-continue\"\nexpect100-timeout = 15\n");
    EXPECT_FALSE(id.empty());
    curl(fmt::format("url = \"{}\"\noutput = \"{}\"\n", url("/api/v1/files/" + id + "/content"), path("back")));
    EXPECT_EQ(sha256_hex(read("back")), sha256_hex(content));
}

TEST_F(Curl, IsNotAskedForABodyThatWillBeRefused) {
    server.restart({{"files.max_file_bytes", "1MiB"}});
    const auto status =
        curl(fmt::format("url = \"{}\"\nform = \"file=@{}\"\nheader = \"Expect: 100-continue\"\nexpect100-timeout = 15\n"
                         "output = \"{}\"\nwrite-out = \"%{{http_code}} %{{size_upload}}\"\n",
                         url("/api/v1/files"), path("content"), path("refusal")));
    EXPECT_EQ(status, "413 0");
}

TEST_F(Curl, ResumesABrokenDownload) {
    const auto id = upload();
    std::ofstream{path("part"), std::ios::binary} << content.substr(0, 1'234'567);
    const auto status = curl(fmt::format("url = \"{}\"\noutput = \"{}\"\ncontinue-at = -\nwrite-out = \"%{{http_code}} %{{size_download}}\"\n",
                                         url("/api/v1/files/" + id + "/content"), path("part")));
    EXPECT_EQ(status, fmt::format("206 {}", content.size() - 1'234'567));
    EXPECT_EQ(sha256_hex(read("part")), sha256_hex(content));
}

TEST_F(Curl, AsksForTheHeadOnly) {
    const auto id = upload();
    const auto head = curl(fmt::format("url = \"{}\"\nhead\n", url("/api/v1/files/" + id + "/content")));
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 ")) << head;
    EXPECT_TRUE(head.contains(fmt::format("Content-Length: {}\r\n", content.size()))) << head;
}

TEST_F(Curl, SpeaksHttp10) {
    const auto id = upload();
    const auto status = curl(fmt::format("url = \"{}\"\nhttp1.0\noutput = \"{}\"\nwrite-out = \"%{{http_code}}\"\n",
                                         url("/api/v1/files/" + id + "/content"), path("old")));
    EXPECT_EQ(status, "200");
    EXPECT_EQ(sha256_hex(read("old")), sha256_hex(content));
}

}  // namespace
}  // namespace parley::interop
