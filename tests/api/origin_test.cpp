// SPDX-License-Identifier: Apache-2.0
#include "api/origin.hpp"

#include <fmt/format.h>

namespace parley::testing {
namespace {

TEST_F(OriginApi, RegistrationAndTokensOpenTheNewRoutes) {
    auto client = anonymous();
    const auto name = fresh("ann");
    const auto credentials = fmt::format(R"({{"username": "{}", "password": "correct horse battery", "email": "ann@Example.org"}})", name);
    const auto user = call(client, "POST", "/api/users/register/", credentials);
    EXPECT_STATUS(user, 201);
    EXPECT_EQ(user["username"], name);
    EXPECT_EQ(user["email"], "ann@example.org");
    const auto tokens = call(client, "POST", "/api/token/", credentials);
    client.token = tokens["access"].string();
    EXPECT_EQ(client.get("/users/me")["id"], user["id"].integer());
    EXPECT_EQ(client.get("/auth/sessions")["items"].size(), 1U);
    EXPECT_STATUS(client.post("/auth/logout"), 204);
    const auto refresh = call(client, "POST", "/api/token/refresh/", fmt::format(R"({{"refresh": "{}"}})", tokens["refresh"].string()));
    EXPECT_STATUS(refresh, 401);
    EXPECT_EQ(refresh["code"], "token_not_valid");
}

TEST_F(OriginApi, ANameThatLooksLikeATakenOneIsTaken) {
    const auto ann = sign_up("ann");
    auto client = anonymous();
    auto shouted = ann.username;
    for (auto& c : shouted) c = static_cast<char>(std::toupper(c));
    const auto answer = call(client, "POST", "/api/users/register/", fmt::format(R"({{"username": "{}", "password": "correct horse"}})", shouted));
    EXPECT_STATUS(answer, 400);
    EXPECT_EQ(answer["username"][0], "A user with that username already exists.");
}

TEST_F(OriginApi, GroupNamesAreUniqueWithoutRegardToCase) {
    auto ann = sign_up("ann");
    make_group(ann, fresh("Harbour"));
    const auto name = fresh("Quay");
    make_group(ann, name);
    const auto answer = call(ann, "POST", "/api/groups/create/", R"({"name": "q)" + name.substr(1) + "\"}");
    EXPECT_STATUS(answer, 400);
    EXPECT_EQ(answer["name"][0], "group with this name already exists.");
    EXPECT_STATUS(call(ann, "POST", "/api/groups/create/", R"({"name": "a\nb"})"), 400);
}

TEST_F(OriginApi, TheLastOwnerHandsTheGroupOver) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto group = make_group(ann, fresh("g"));
    join(bob, group);
    EXPECT_STATUS(call(ann, "POST", fmt::format("/api/groups/{}/leave", group)), 200);
    EXPECT_EQ(bob.get(fmt::format("/conversations/{}", group))["my"]["role"], "owner");
    EXPECT_STATUS(call(bob, "POST", fmt::format("/api/groups/{}/leave/", group)), 200);
    EXPECT_STATUS(call(bob, "POST", fmt::format("/api/groups/{}/leave/", group)), 404);  // the last one out has deleted it
}

TEST_F(OriginApi, WhatOneMayNotSeeIsNotFound) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto hidden = create_group(ann);
    const auto open = make_group(ann, fresh("g"));
    for (const std::string_view target : {"/api/groups/{}/join/", "/api/groups/{}/leave/"}) {
        const auto answer = call(bob, "POST", fmt::format(fmt::runtime(target), hidden));
        EXPECT_STATUS(answer, 404);
        EXPECT_EQ(answer["detail"], "Not found.");
    }
    EXPECT_STATUS(call(bob, "GET", fmt::format("/api/chat/messages/{}/", hidden)), 404);
    const auto forbidden = call(bob, "GET", fmt::format("/api/chat/messages/{}/", open));
    EXPECT_STATUS(forbidden, 403);
    EXPECT_EQ(forbidden["detail"], "You do not have permission to perform this action.");
}

TEST_F(OriginApi, AddressesThatAreNoneHaveTheOriginsShape) {
    auto ann = sign_up("ann");
    for (const std::string_view target : {"/api/users/x/", "/api/token/x/y/", "/api/groups/", "/api/chat/messages/x/"}) {
        const auto answer = call(ann, "GET", target);
        EXPECT_STATUS(answer, 404);
        EXPECT_EQ(answer["detail"], "Not found.") << target;
    }
    EXPECT_PROBLEM(call(ann, "GET", "/api/v1/nothing"), 404, "not_found");
}

TEST_F(OriginApi, PagesLeaveOutDeletedMessagesAndShowTheFirstFile) {
    auto ann = sign_up("ann");
    const auto group = make_group(ann, fresh("g"));
    for (int i = 1; i <= 12; ++i) post_message(ann, group, fmt::format("{}", i));  // seq 2 to 13
    EXPECT_STATUS(ann.remove(message_target(group, 12)), 204);
    EXPECT_STATUS(ann.remove(message_target(group, 3)), 204);
    const auto file = ann.send_form("/files", {{.name = "file", .content = "abc", .filename = "a.txt"}});
    EXPECT_STATUS(ann.post(conversation_target(group, "/messages"), {{"file_ids", {file["id"].integer()}}}), 201);
    const auto page = call(ann, "GET", fmt::format("/api/chat/messages/{}/", group));
    EXPECT_EQ(page["count"], 11);
    EXPECT_EQ(texts_of(page), (std::vector<std::string>{"", "12", "10", "9", "8", "7", "6", "5", "4", "3"}));
    const auto base = "http://" + ann.http.address();
    EXPECT_EQ(page["results"][0]["file"], base + file["content_url"].string());
    EXPECT_TRUE(page["results"][1]["file"].is_null());
    EXPECT_EQ(page["next"], fmt::format("{}/api/chat/messages/{}/?page=2", base, group));
    EXPECT_TRUE(page["previous"].is_null());
    const auto last = call(ann, "GET", fmt::format("/api/chat/messages/{}/?page=last", group));
    EXPECT_EQ(texts_of(last), (std::vector<std::string>{"1"}));
    EXPECT_EQ(last["results"][0]["id"], 2);
}

TEST_F(OriginApi, DirectMessagesNameTheirReceiver) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto direct = open_direct(ann, bob);
    post_message(ann, direct, "to bob");
    post_message(bob, direct, "to ann");
    for (auto* reader : {&ann, &bob}) {
        const auto page = call(*reader, "GET", fmt::format("/api/chat/messages/{}/", direct));
        EXPECT_EQ(page["results"][0]["receiver_user"], ann.id);
        EXPECT_EQ(page["results"][1]["receiver_user"], bob.id);
        EXPECT_TRUE(page["results"][0]["receiver_group"].is_null());
    }
}

}  // namespace
}  // namespace parley::testing
