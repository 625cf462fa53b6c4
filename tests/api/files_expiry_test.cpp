// SPDX-License-Identifier: Apache-2.0
#include "api/files.hpp"

#include "core/time.hpp"

namespace parley::testing {
namespace {

const std::string secret = "the content that has to be gone";

/// Files expire by the clock at once; the job follows.
class FileExpiry : public ::testing::Test {
protected:
    explicit FileExpiry(std::string interval = "1h") : server(Settings{{"files.expiry_interval", std::move(interval)}}) {}

    TestServer server;
    ApiClient ann = server.sign_up("ann"), bob = server.sign_up("bob"), eve = server.sign_up("eve");
    std::int64_t group = create_group(ann, {&bob});
};

class FileExpiryJob : public FileExpiry {
protected:
    FileExpiryJob() : FileExpiry("100ms") {}
};

TEST_F(FileExpiry, IsByTheClockAndNotByTheJob) {
    const auto file = upload(ann, secret, "s.txt", "text/plain", format_rfc3339(server.clock().now() + 5min));
    const auto seq = post_files(ann, group, {file})["seq"].integer();
    EXPECT_EQ(get_content(bob, file).status, 200);
    server.clock().jump(6min);
    EXPECT_PROBLEM(get_content(bob, file), 410, "files.gone");
    EXPECT_EQ(get_content(bob, file, {{"Range", "bytes=0-1"}}).status, 410);
    EXPECT_EQ(get_content(eve, file).status, 404);
    const auto described = ann.get(file_target(file));
    EXPECT_STATUS(described, 200);
    EXPECT_EQ(described["state"], "expired");
    EXPECT_EQ(bob.get(message_target(group, seq))["files"][0]["state"], "expired");
    EXPECT_EQ(ann.get("/files")["items"].size(), 0U);
}

TEST_F(FileExpiry, OfAnExpiredFileIsFinal) {
    const auto file = upload(ann, "x", "x", "text/plain", format_rfc3339(server.clock().now() + 5min));
    server.clock().jump(6min);
    EXPECT_EQ(ann.patch(file_target(file), {{"expires_at", format_rfc3339(server.clock().now() + 1h)}}).status, 410);
    EXPECT_EQ(ann.post(conversation_target(group, "/messages"), {{"file_ids", {file}}}).status, 422);
    EXPECT_STATUS(ann.remove(file_target(file)), 204);
}

TEST_F(FileExpiry, MovesWithTheChange) {
    const auto file = upload(ann, "x", "x", "text/plain", format_rfc3339(server.clock().now() + 5min));
    EXPECT_STATUS(ann.patch(file_target(file), {{"expires_at", format_rfc3339(server.clock().now() + 30min)}}), 200);
    server.clock().jump(6min);
    EXPECT_EQ(get_content(ann, file).status, 200);
}

TEST_F(FileExpiryJob, TakesTheBytesAndTellsTheConversation) {
    const auto file = upload(ann, secret, "s.txt", "text/plain", format_rfc3339(server.clock().now() + 5min));
    const auto seq = post_files(ann, group, {file})["seq"].integer();
    EXPECT_NE(server.file_with(secret), "");
    auto inbox = server.open_socket(bob);
    inbox.wait_for_type("hello");
    server.clock().advance(6min);
    const auto event = inbox.wait_for_event("file.expired");
    EXPECT_TRUE(event["actor_id"].is_null()) << event;
    EXPECT_EQ(event["data"], boost::json::value({{"message_seq", seq}, {"file_id", file}}));
    EXPECT_TRUE(eventually([&] { return server.file_with(secret).empty(); }));
    EXPECT_EQ(texts(events_of(bob, group, seq), "event"), std::vector<std::string>{"file.expired"});
    const auto message = bob.get(message_target(group, seq));
    EXPECT_EQ(message["text"], "see") << "the message stays";
    EXPECT_EQ(message["files"][0]["state"], "expired");
    EXPECT_PROBLEM(get_content(bob, file), 410, "files.gone");
}

TEST_F(FileExpiryJob, TellsEveryMessageThatCarriesTheFile) {
    const auto file = upload(ann, "x", "x", "text/plain", format_rfc3339(server.clock().now() + 5min));
    const auto direct = open_direct(ann, bob);
    const auto first = post_files(ann, group, {file})["seq"].integer(), second = post_files(ann, group, {file})["seq"].integer();
    const auto third = post_files(ann, direct, {file})["seq"].integer();
    server.clock().advance(6min);
    EXPECT_TRUE(eventually([&] { return events_of(bob, group, second).size() == 2 && events_of(bob, direct, third).size() == 1; }));
    EXPECT_EQ(events_of(bob, group, second).at(0)["data"]["message_seq"], first);
    EXPECT_EQ(events_of(bob, group, second).at(1)["data"]["message_seq"], second);
}

TEST_F(FileExpiryJob, GivesTheRoomBack) {
    upload(ann, secret, "x", "text/plain", format_rfc3339(server.clock().now() + 5min));
    EXPECT_EQ(ann.get("/files")["used_bytes"], secret.size());
    server.clock().advance(6min);
    EXPECT_TRUE(eventually([&] { return ann.get("/files")["used_bytes"] == 0; }));
}

TEST_F(FileExpiryJob, OfDeletedFilesTakesTheBytesToo) {
    const auto file = upload(ann, secret);
    const auto seq = post_files(ann, group, {file})["seq"].integer();
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_TRUE(eventually([&] { return server.file_with(secret).empty(); }));
    EXPECT_EQ(ann.get(file_target(file))["state"], "deleted");
}

TEST_F(FileExpiryJob, SurvivesARestart) {
    const auto file = upload(ann, secret, "x", "text/plain", format_rfc3339(server.clock().now() + 5min));
    server.stop();
    server.clock().advance(6min);
    server.restart();
    EXPECT_TRUE(eventually([&] { return server.file_with(secret).empty(); }));
    ann.sign_in();
    EXPECT_EQ(get_content(ann, file).status, 410);
}

}  // namespace
}  // namespace parley::testing
