// SPDX-License-Identifier: Apache-2.0
#include "api/files.hpp"

#include "core/sha256.hpp"
#include "core/time.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <thread>

namespace parley::testing {
namespace {

/// api.md section 5: POST /files.
class FileUploads : public ApiTest {
protected:
    static std::string in(std::chrono::seconds time) { return format_rfc3339(server().clock().now() + time); }
};

/// Every byte value, lines that look like boundaries, and more than a socket takes at once.
std::string awkward_bytes(std::size_t size) {
    std::string bytes = "\r\n--\r\n--boundary\r\n\r\n";
    for (std::size_t i = 0; bytes.size() < size; ++i) bytes += static_cast<char>((i * 31 + i / 256) & 0xFFU);
    return bytes;
}

TEST_F(FileUploads, KeepEveryByteAndTellTheHash) {
    auto ann = sign_up("ann");
    const auto content = awkward_bytes(700'000);
    const auto file = send_file(ann, "data.bin", content, "application/octet-stream");
    ASSERT_EQ(file.status, 201) << file;
    EXPECT_EQ(file["size"], content.size());
    EXPECT_EQ(file["sha256"], sha256_hex(content));
    EXPECT_EQ(get_content(ann, file["id"].integer()).body, content);
}

TEST_F(FileUploads, GiveAFileWithAllItsMembers) {
    auto ann = sign_up("ann");
    const auto file = send_file(ann, "notes.txt", "hello");
    ASSERT_EQ(file.status, 201) << file;
    EXPECT_EQ(file["name"], "notes.txt");
    EXPECT_EQ(file["state"], "ready");
    EXPECT_EQ(file["media_type"], "text/plain");
    EXPECT_EQ(file["uploader_id"], ann.id);
    EXPECT_TRUE(file["image"].is_null());
    EXPECT_EQ(file["thumbnails"].size(), 0U);
    EXPECT_EQ(ann.http.request("GET", file["content_url"].string(), {{"Authorization", "Bearer " + ann.token}}).body, "hello");
    EXPECT_EQ(ann.get(file_target(file["id"].integer())).json(), file.json());
}

TEST_F(FileUploads, LiveTenDaysUnlessTold) {
    auto ann = sign_up("ann");
    const auto file = send_file(ann, "a.txt", "a");
    const auto created = parse_rfc3339(file["created_at"].string()), expires = parse_rfc3339(file["expires_at"].string());
    ASSERT_TRUE(created && expires) << file;
    EXPECT_LT(std::chrono::abs(*expires - *created - std::chrono::days{10}), 10s);
}

TEST_F(FileUploads, TakeTheExpiryBeforeAndAfterTheFile) {
    auto ann = sign_up("ann");
    const auto wanted = in(1h);
    EXPECT_EQ(send_file(ann, "a.txt", "a", "text/plain", wanted)["expires_at"], wanted);
    EXPECT_EQ(ann.send_form("/files", {{"expires_at", wanted}, {"file", "a", "a.txt"}})["expires_at"], wanted);
}

TEST_F(FileUploads, TakeTheExpiryWithAnOffset) {
    auto ann = sign_up("ann");
    EXPECT_EQ(send_file(ann, "a.txt", "a", "text/plain", "2099-01-02T03:04:05+02:00")["expires_at"], "2099-01-02T01:04:05.000Z");
}

TEST_F(FileUploads, RefuseAnExpiryThatIsPastOrNone) {
    auto ann = sign_up("ann");
    EXPECT_FIELD_PROBLEM(send_file(ann, "a.txt", "a", "text/plain", in(-1s)), 422, "files.expires_in_the_past", "/expires_at");
    EXPECT_FIELD_PROBLEM(send_file(ann, "a.txt", "a", "text/plain", "null"), 422, "files.keeping_not_allowed", "/expires_at");
    for (const auto* text : {"tomorrow", "2026-13-01T00:00:00Z", "2099-01-01", "7"}) {
        const auto answer = send_file(ann, "a.txt", "a", "text/plain", text);
        EXPECT_TRUE(answer.status == 400 || answer.status == 422) << text << ": " << answer;
        EXPECT_EQ(answer["errors"][0]["pointer"], "/expires_at") << text;
    }
    EXPECT_EQ(ann.get("/files")["items"].size(), 0U);
}

TEST_F(FileUploads, NeedAFilePart) {
    auto ann = sign_up("ann");
    EXPECT_FIELD_PROBLEM(ann.send_form("/files", {{"expires_at", in(1h)}}), 422, "files.no_file", "/file");
    EXPECT_FIELD_PROBLEM(ann.send_form("/files", {{"file", "no name"}}), 422, "files.no_file", "/file");
}

TEST_F(FileUploads, RefuseUnknownAndRepeatedParts) {
    auto ann = sign_up("ann");
    EXPECT_FIELD_PROBLEM(ann.send_form("/files", {{"file", "a", "a.txt"}, {"colour", "blue"}}), 400, "unknown_field", "/colour");
    EXPECT_FIELD_PROBLEM(ann.send_form("/files", {{"file", "a", "a.txt"}, {"file", "b", "b.txt"}}), 400, "duplicate_field", "/file");
    const auto list = ann.get("/files");
    EXPECT_EQ(list["items"].size(), 0U) << "what was refused is not kept";
}

TEST_F(FileUploads, RefuseWhatIsNoForm) {
    auto ann = sign_up("ann");
    EXPECT_EQ(ann.post("/files", {{"file", "x"}}).status, 415);
    EXPECT_EQ(ann.send("POST", "/files", {{"Content-Type", "multipart/form-data"}}, "--x--").status, 400) << "no boundary";
    const Fields form{{"Content-Type", "multipart/form-data; boundary=x"}};
    EXPECT_EQ(ann.send("POST", "/files", form, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\ncut").status, 400);
    EXPECT_EQ(ann.send("POST", "/files", form, "nonsense").status, 400);
    EXPECT_EQ(anonymous().send_form("/files", {{"file", "a", "a.txt"}}).status, 401);
}

TEST_F(FileUploads, ComeInChunksToo) {
    auto ann = sign_up("ann");
    const auto form = make_form({{"file", "in pieces", "a.txt"}});
    std::string chunks;
    for (std::size_t at = 0; at < form.body.size(); at += 7) {
        const auto piece = form.body.substr(at, 7);
        chunks += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    }
    const auto file = ann.send("POST", "/files", {{"Content-Type", form.content_type}, {"Transfer-Encoding", "chunked"}}, chunks + "0\r\n\r\n");
    ASSERT_EQ(file.status, 201) << file;
    EXPECT_EQ(get_content(ann, file["id"].integer()).body, "in pieces");
}

TEST_F(FileUploads, MayBeEmpty) {
    auto ann = sign_up("ann");
    const auto file = send_file(ann, "empty", "", "application/x-nothing");
    ASSERT_EQ(file.status, 201) << file;
    EXPECT_EQ(file["size"], 0);
    EXPECT_EQ(file["sha256"], sha256_hex(""));
    EXPECT_EQ(get_content(ann, file["id"].integer()).body, "");
}

TEST_F(FileUploads, LoseThePathsOfTheirNames) {
    auto ann = sign_up("ann");
    const std::vector<std::pair<std::string, std::string>> names{{"../../x", "x"},
                                                                 {"/etc/passwd", "passwd"},
                                                                 {"a/b/c.txt", "c.txt"},
                                                                 {"trailing.", "trailing"},
                                                                 {"r\u202Egpj.exe", "rgpj.exe"},
                                                                 {".htaccess", ".htaccess"},
                                                                 {"-rf", "-rf"},
                                                                 {"ünï.txt", "ünï.txt"}};
    for (const auto& [sent, kept] : names) {
        const auto file = send_file(ann, sent, "x");
        EXPECT_EQ(file.status, 201) << sent << ": " << file;
        EXPECT_EQ(file["name"], kept) << sent;
    }
}

TEST_F(FileUploads, KeepLongNamesShortAndTheirExtension) {
    auto ann = sign_up("ann");
    const auto name = send_file(ann, std::string(300, 'n') + ".txt", "x")["name"].string();
    EXPECT_LE(name.size(), 255U);
    EXPECT_TRUE(name.ends_with("n.txt")) << name;
}

TEST_F(FileUploads, RefuseNamesThatAreNone) {
    auto ann = sign_up("ann");
    for (const auto& name : {std::string{}, std::string{"..."}, std::string{"a/"}, std::string{"a\x01z"}, std::string{"\xFF\xFE"}}) {
        const auto answer = send_file(ann, name, "x");
        EXPECT_TRUE(answer.status == 422 || answer.status == 400) << answer;
    }
    EXPECT_EQ(ann.get("/files")["items"].size(), 0U);
}

TEST_F(FileUploads, AreTakenForWhatTheirBytesAre) {
    auto ann = sign_up("ann");
    const auto type_of = [&](std::string_view content, std::string_view claimed) {
        return send_file(ann, "f", content, claimed)["media_type"].string();
    };
    EXPECT_EQ(type_of("\x89PNG\r\n\x1A\nrest", "text/html"), "image/png");
    EXPECT_EQ(type_of("GIF89a....", "application/octet-stream"), "image/gif");
    EXPECT_EQ(type_of("%PDF-1.7 ...", "image/png"), "application/pdf");
    EXPECT_EQ(type_of("<script>alert(1)</script>", "image/png"), "application/octet-stream") << "a picture it is not";
    EXPECT_EQ(type_of("plain", "text/csv; charset=utf-8"), "text/csv");
    EXPECT_EQ(type_of("plain", "no type at all"), "application/octet-stream");
}

TEST(FileLimits, AFileOverTheLimitIs413WhetherDeclaredOrNot) {
    TestServer server{{{"files.max_file_bytes", "100KiB"}}};
    auto ann = server.sign_up("ann");
    EXPECT_STATUS(send_file(ann, "most", std::string(102'400, 'x')), 201);
    EXPECT_PROBLEM(send_file(ann, "more", std::string(102'401, 'x')), 413, "files.too_large");
    EXPECT_PROBLEM(send_file(ann, "far more", std::string(400'000, 'x')), 413, "files.too_large");
    EXPECT_EQ(ann.get("/files")["used_bytes"], 102'400);
    EXPECT_TRUE(eventually([&] { return server.file_with(std::string(500, 'x')).contains("blobs"); })) << "the one that was taken is there";
}

TEST(FileLimits, AnUploadOverTheQuotaIs507AndDeletingMakesRoom) {
    TestServer server{{{"files.quota_bytes", "100KiB"}}};
    auto ann = server.sign_up("ann"), bob = server.sign_up("bob");
    const auto first = upload(ann, std::string(60'000, 'a'));
    EXPECT_PROBLEM(send_file(ann, "second", std::string(60'000, 'b')), 507, "files.quota_exceeded");
    EXPECT_STATUS(send_file(bob, "another's", std::string(60'000, 'b')), 201);
    EXPECT_STATUS(send_file(ann, "fits", std::string(42'400, 'b')), 201);
    EXPECT_EQ(ann.get("/files")["quota_bytes"], 102'400);
    EXPECT_EQ(ann.get("/files")["used_bytes"], 102'400);
    EXPECT_STATUS(ann.remove(file_target(first)), 204);
    EXPECT_EQ(ann.get("/files")["used_bytes"], 42'400);
    EXPECT_STATUS(send_file(ann, "after", std::string(60'000, 'c')), 201);
}

TEST(FileLimits, RacingUploadsDoNotPassTheQuotaTogether) {
    TestServer server{{{"files.quota_bytes", "1000KiB"}}};
    const auto ann = server.sign_up("ann");
    std::vector<int> statuses(6);
    std::vector<std::jthread> threads;
    for (auto& status : statuses) {
        threads.emplace_back([&server, &status, token = ann.token] {
            ApiClient client{server.address()};
            client.token = token;
            status = send_file(client, "big", std::string(400 * 1024, 'x')).status;
        });
    }
    threads.clear();
    EXPECT_EQ(std::ranges::count(statuses, 201), 2);
    EXPECT_EQ(std::ranges::count(statuses, 507), 4);
    ApiClient client{server.address()};
    client.token = ann.token;
    EXPECT_EQ(client.get("/files")["used_bytes"], 800 * 1024);
}

TEST(FileLimits, TheOperatorMayAllowToKeepFiles) {
    TestServer server{{{"files.allow_keep", "on"}, {"files.default_ttl", "2h"}}};
    auto ann = server.sign_up("ann");
    EXPECT_TRUE(send_file(ann, "kept", "x", "text/plain", "null")["expires_at"].is_null());
    const auto file = upload(ann, "y");
    EXPECT_TRUE(ann.patch(file_target(file), {{"expires_at", nullptr}})["expires_at"].is_null());
    EXPECT_TRUE(ann.patch(file_target(file), {{"name", "still kept"}})["expires_at"].is_null());
}

TEST(FileLimits, AnUploadThatIsCutLeavesNothing) {
    TestServer server;
    auto ann = server.sign_up("ann");
    const std::string marker(3000, 'Q');
    const auto form = make_form({{"file", marker + std::string(200'000, 'x'), "cut.bin"}});
    HttpClient client{server.address()};
    client.send(request_head("POST", "/api/v1/files", server.address(),
                             {{"Authorization", "Bearer " + ann.token}, {"Content-Type", form.content_type}}, form.body.size()) +
                form.body.substr(0, 150'000));
    client.connection().reset();
    EXPECT_TRUE(eventually([&] { return ann.get("/files")["used_bytes"] == 0 && server.file_with(marker).empty(); }));
    EXPECT_EQ(ann.get("/files")["items"].size(), 0U);
}

/// The handler waits for the body when the end comes: 100 (Continue) says that it does.
TEST(FileLimits, AnUploadThatIsResetWhileTheServerWaitsForItEndsNothingElse) {
    TestServer server;
    auto ann = server.sign_up("ann");
    const auto form = make_form({{"file", std::string(200'000, 'x'), "cut.bin"}});
    for (int round = 0; round < 10; ++round) {
        HttpClient client{server.address()};
        client.send(request_head("POST", "/api/v1/files", server.address(),
                                 {{"Authorization", "Bearer " + ann.token}, {"Content-Type", form.content_type}, {"Expect", "100-continue"}},
                                 form.body.size()));
        EXPECT_TRUE(client.connection().read_through("\r\n\r\n").starts_with("HTTP/1.1 100"));
        client.connection().reset();
    }
    EXPECT_EQ(send_file(ann, "whole.txt", "whole").status, 201);
}

}  // namespace
}  // namespace parley::testing
