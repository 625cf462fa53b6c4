// SPDX-License-Identifier: Apache-2.0
#include "api/files.hpp"

#include "core/time.hpp"

namespace parley::testing {
namespace {

/// api.md section 5: who sees a file, who changes it, and what becomes of it with its messages.
class FileAccess : public ApiTest {
protected:
    FileAccess() : ann(sign_up("ann")), bob(sign_up("bob")), eve(sign_up("eve")), group(create_group(ann, {&bob})), file(upload(ann, "hello")) {}

    static int sees(ApiClient& user, std::int64_t id) {
        const auto described = user.get(file_target(id)), content = get_content(user, id);
        EXPECT_TRUE(described.status == content.status || content.status == 410) << described << content;
        return content.status;
    }

    ApiClient ann, bob, eve;
    std::int64_t group, file;
};

TEST_F(FileAccess, BelongsToTheUploaderUntilAMessageCarriesTheFile) {
    EXPECT_EQ(sees(ann, file), 200);
    EXPECT_EQ(sees(bob, file), 404);
    post_files(ann, group, {file});
    EXPECT_EQ(sees(bob, file), 200);
    EXPECT_EQ(sees(eve, file), 404);
}

TEST_F(FileAccess, AMessageShowsItsFilesInTheirOrder) {
    const auto second = upload(ann, "second", "2.txt");
    const auto message = post_files(ann, group, {second, file});
    EXPECT_EQ(numbers(message["files"].items(), "id"), (std::vector{second, file}));
    EXPECT_EQ(message["files"][1], ann.get(file_target(file)).json());
    EXPECT_EQ(bob.get(message_target(group, message["seq"].integer()))["files"], message["files"]);
}

TEST_F(FileAccess, EndsWithTheMembership) {
    post_files(ann, group, {file});
    EXPECT_EQ(sees(bob, file), 200);
    EXPECT_STATUS(bob.post(group_target(group, "/leave")), 204);
    EXPECT_EQ(sees(bob, file), 404);
}

TEST_F(FileAccess, StaysWithTheUploaderWhoLeft) {
    const auto own = upload(bob, "bob's");
    post_files(bob, group, {own});
    EXPECT_STATUS(ann.remove(member_target(group, bob)), 204);
    EXPECT_EQ(sees(bob, own), 200);
    EXPECT_EQ(sees(ann, own), 200) << "the message is still there";
}

TEST_F(FileAccess, OnlyTheUploaderAttachesAFile) {
    post_files(ann, group, {file});
    const auto with = [&](ApiClient& user, std::int64_t id) {
        return user.post(conversation_target(group, "/messages"), {{"text", "x"}, {"file_ids", {id}}});
    };
    EXPECT_FIELD_PROBLEM(with(bob, file), 422, "files.not_usable", "/file_ids/0");
    EXPECT_FIELD_PROBLEM(with(bob, 9'007'199'254'740'991), 422, "files.not_usable", "/file_ids/0");
}

TEST_F(FileAccess, AMessageCarriesAtMostTwentyFilesAndEachOnce) {
    std::vector<std::int64_t> files;
    for (int i = 0; i < 21; ++i) files.push_back(upload(ann, "x"));
    const auto with = [&](const std::vector<std::int64_t>& ids) {
        return ann.post(conversation_target(group, "/messages"), {{"file_ids", boost::json::value_from(ids)}});
    };
    EXPECT_EQ(with(files)["errors"][0]["pointer"], "/file_ids");
    EXPECT_EQ(with({files[0], files[0]}).status, 422);
    files.pop_back();
    EXPECT_STATUS(with(files), 201);
}

TEST_F(FileAccess, TheUploaderRenamesAndMovesTheExpiry) {
    const auto at = format_rfc3339(server().clock().now() + 2h);
    const auto changed = ann.patch(file_target(file), {{"name", "../new.txt"}, {"expires_at", at}});
    EXPECT_EQ(changed.status, 200) << changed;
    EXPECT_EQ(changed["name"], "new.txt");
    EXPECT_EQ(changed["expires_at"], at);
    EXPECT_TRUE(get_content(ann, file).field("content-disposition").contains("new.txt"));
    EXPECT_EQ(ann.patch(file_target(file), boost::json::object{})["expires_at"], at) << "what is left out stays";
}

TEST_F(FileAccess, AChangeKeepsTheRules) {
    EXPECT_FIELD_PROBLEM(ann.patch(file_target(file), {{"expires_at", "2020-01-01T00:00:00Z"}}), 422, "files.expires_in_the_past", "/expires_at");
    EXPECT_FIELD_PROBLEM(ann.patch(file_target(file), {{"expires_at", nullptr}}), 422, "files.keeping_not_allowed", "/expires_at");
    EXPECT_FIELD_PROBLEM(ann.patch(file_target(file), {{"name", "a\nb"}}), 422, "invalid_file_name", "/name");
    EXPECT_FIELD_PROBLEM(ann.patch(file_target(file), {{"state", "ready"}}), 400, "unknown_field", "/state");
}

TEST_F(FileAccess, OthersNeitherChangeNorDelete) {
    EXPECT_EQ(bob.patch(file_target(file), {{"name", "x"}}).status, 404);
    EXPECT_EQ(bob.remove(file_target(file)).status, 404);
    post_files(ann, group, {file});
    EXPECT_PROBLEM(bob.patch(file_target(file), {{"name", "x"}}), 403, "files.not_uploader");
    EXPECT_PROBLEM(bob.remove(file_target(file)), 403, "files.not_uploader");
    EXPECT_EQ(eve.remove(file_target(file)).status, 404);
    EXPECT_EQ(sees(bob, file), 200);
}

TEST_F(FileAccess, ADeletedFileStaysInItsMessageAndIsGone) {
    const auto seq = post_files(ann, group, {file})["seq"].integer();
    EXPECT_STATUS(ann.remove(file_target(file)), 204);
    EXPECT_EQ(ann.remove(file_target(file)).status, 204) << "also when already deleted";
    EXPECT_PROBLEM(get_content(bob, file), 410, "files.gone");
    EXPECT_EQ(get_content(eve, file).status, 404);
    EXPECT_EQ(bob.get(message_target(group, seq))["files"][0]["state"], "deleted");
    const auto event = events_of(bob, group, seq).at(0);
    EXPECT_EQ(event["event"], "file.deleted");
    EXPECT_EQ(event["actor_id"], ann.id);
    EXPECT_EQ(event["data"], boost::json::value({{"message_seq", seq}, {"file_id", file}}));
}

TEST_F(FileAccess, ADeletedFileCannotBeChangedOrAttached) {
    EXPECT_STATUS(ann.remove(file_target(file)), 204);
    EXPECT_EQ(ann.patch(file_target(file), {{"name", "x"}}).status, 410);
    EXPECT_EQ(ann.post(conversation_target(group, "/messages"), {{"file_ids", {file}}}).status, 422);
}

TEST_F(FileAccess, DeletingAMessageDeletesFilesNoOtherMessageCarries) {
    const auto shared = upload(ann, "shared");
    const auto seq = post_files(ann, group, {file, shared})["seq"].integer();
    const auto other = post_files(ann, group, {shared})["seq"].integer();
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_EQ(get_content(ann, file).status, 410);
    EXPECT_EQ(get_content(bob, shared).status, 200);
    EXPECT_EQ(texts(events_of(bob, group, other), "event"), std::vector<std::string>{"message.deleted"}) << "which says enough";
    EXPECT_EQ(bob.get(message_target(group, seq))["files"].size(), 0U);
}

TEST_F(FileAccess, DeletingAMessageSparesAnAvatar) {
    const auto picture = upload(ann, "\x89PNG\r\n\x1A\n....", "me.png");
    EXPECT_STATUS(ann.patch("/users/me", {{"avatar_file_id", picture}}), 200);
    const auto seq = post_files(ann, group, {picture})["seq"].integer();
    EXPECT_STATUS(ann.remove(message_target(group, seq)), 204);
    EXPECT_EQ(get_content(bob, picture).status, 200);
}

TEST_F(FileAccess, ADeletedGroupTakesItsFilesFromItsMembers) {
    post_files(ann, group, {file});
    EXPECT_STATUS(ann.remove(group_target(group)), 204);
    EXPECT_TRUE(eventually([&] { return get_content(bob, file).status == 404; }));
}

TEST_F(FileAccess, AnAvatarIsAPictureOfOnesOwnAndSeenByAll) {
    const auto picture = upload(ann, "\x89PNG\r\n\x1A\n....", "me.png"), text = upload(ann, "text");
    EXPECT_EQ(ann.patch("/users/me", {{"avatar_file_id", text}})["errors"][0]["pointer"], "/avatar_file_id");
    EXPECT_EQ(bob.patch("/users/me", {{"avatar_file_id", picture}}).status, 422);
    const auto user = ann.patch("/users/me", {{"avatar_file_id", picture}});
    ASSERT_EQ(user.status, 200) << user;
    const auto url = eve.get("/users/" + std::to_string(ann.id))["avatar_url"].string();
    EXPECT_EQ(eve.http.request("GET", url, {{"Authorization", "Bearer " + eve.token}}).status, 200) << url;
    EXPECT_TRUE(ann.get(file_target(picture))["expires_at"].is_null()) << "an avatar does not expire";
}

TEST_F(FileAccess, ADeletedAvatarIsNobodysPicture) {
    const auto picture = upload(ann, "\x89PNG\r\n\x1A\n....", "me.png");
    EXPECT_STATUS(ann.patch("/users/me", {{"avatar_file_id", picture}}), 200);
    EXPECT_FALSE(ann.get("/users/me")["avatar_url"].is_null());
    EXPECT_STATUS(ann.remove(file_target(picture)), 204);
    EXPECT_TRUE(ann.get("/users/me")["avatar_url"].is_null());
}

TEST_F(FileAccess, TheListIsOnesOwnNewestFirstWithWhatItTakes) {
    const auto second = upload(ann, "0123456789");
    post_files(ann, group, {file});
    const auto list = ann.get("/files");
    EXPECT_EQ(numbers(list["items"].items(), "id"), (std::vector{second, file}));
    EXPECT_EQ(list["used_bytes"], 15);
    EXPECT_EQ(list["quota_bytes"], std::int64_t{10} << 30);
    EXPECT_EQ(bob.get("/files")["items"].size(), 0U);
    EXPECT_EQ(bob.get("/files")["used_bytes"], 0);
}

TEST_F(FileAccess, TheListIsWalkedByCursor) {
    const auto second = upload(ann, "2"), third = upload(ann, "3");
    const auto page = ann.get("/files?limit=2");
    EXPECT_EQ(numbers(page["items"].items(), "id"), (std::vector{third, second}));
    const auto rest = ann.get("/files?limit=2&cursor=" + page["next_cursor"].string());
    EXPECT_EQ(numbers(rest["items"].items(), "id"), std::vector{file});
    EXPECT_TRUE(rest["next_cursor"].is_null());
    EXPECT_PROBLEM(bob.get("/files?limit=2&cursor=" + page["next_cursor"].string()), 400, "bad_cursor");
}

TEST_F(FileAccess, UnknownFilesAre404) {
    for (const auto* id : {"9007199254740991", "0", "x", "-1"}) {
        EXPECT_EQ(ann.get("/files/" + std::string{id}).status, 404) << id;
        EXPECT_EQ(ann.get("/files/" + std::string{id} + "/content").status, 404) << id;
    }
}

TEST_F(FileAccess, ARepeatedMessageWithOtherFilesIsRefused) {
    const auto with = [&](boost::json::array ids) {
        return ann.post(conversation_target(group, "/messages"), {{"client_id", "k"}, {"text", "t"}, {"file_ids", std::move(ids)}});
    };
    const auto first = with({file});
    EXPECT_STATUS(first, 201);
    EXPECT_STATUS(with({file}), 200);
    EXPECT_PROBLEM(with({}), 409, "chat.client_id_reused");
    EXPECT_STATUS(ann.remove(file_target(file)), 204);
    EXPECT_EQ(with({file})["seq"], first["seq"]) << "a repeat is no new use of the file";
}

}  // namespace
}  // namespace parley::testing
