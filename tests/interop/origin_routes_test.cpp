// SPDX-License-Identifier: Apache-2.0
#include "interop/origin_sides.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace parley::interop {
namespace {

TEST_F(OriginInterop, TokensAreGivenRefreshedAndVerifiedAsByTheOrigin) {
    sign_in("ann");
    EXPECT_TRUE(same_answers({
        post("sign-in", "/api/token/", R"({"username": "ann", "password": "correct horse battery"})"),
        post("sign-in by a form", "/api/token/", "username=ann&password=correct+horse+battery", form_type),
        post("white space around", "/api/token/", R"({"username": " ann ", "password": " correct horse battery\n"})"),
        post("a wrong password", "/api/token/", R"({"username": "ann", "password": "wrong"})"),
        post("nobody", "/api/token/", R"({"username": "nobody", "password": "wrong"})"),
        post("nothing", "/api/token/", "{}"),
        post("nulls", "/api/token/", R"({"username": null, "password": null})"),
        post("blanks", "/api/token/", R"({"username": "", "password": " "})"),
        post("other types", "/api/token/", R"({"username": true, "password": [1]})"),
        post("numbers", "/api/token/", R"({"username": 1, "password": 2.5})"),
        post("NULs", "/api/token/", R"({"username": "a\u0000", "password": "\u0000b"})"),
        post("refresh", "/api/token/refresh/", R"({"refresh": "{refresh}"})"),
        post("refresh again", "/api/token/refresh/", R"({"refresh": "{refresh}"})"),
        post("refresh by an access token", "/api/token/refresh/", R"({"refresh": "{access}"})"),
        post("refresh by garbage", "/api/token/refresh/", R"({"refresh": "garbage"})"),
        post("refresh by nothing", "/api/token/refresh/", "{}"),
        post("refresh by null", "/api/token/refresh/", R"({"refresh": null})"),
        post("refresh by a blank", "/api/token/refresh/", R"({"refresh": ""})"),
        post("refresh by a list", "/api/token/refresh/", R"({"refresh": ["{refresh}"]})"),
        post("verify an access token", "/api/token/verify/", R"({"token": "{access}"})"),
        post("verify a refresh token", "/api/token/verify/", R"({"token": "{refresh}"})"),
        post("verify garbage", "/api/token/verify/", R"({"token": "a.b.c"})"),
        post("verify a number", "/api/token/verify/", R"({"token": 12})"),
        post("verify nothing", "/api/token/verify/", "{}"),
        post("verify null", "/api/token/verify/", R"({"token": null})"),
    }));
}

TEST_F(OriginInterop, TokensWhoseTimeIsOverAreRefusedAsByTheOrigin) {
    sign_in("ann");
    const auto expired = django.ask({"", "GET", "/oracle/expired/"});
    django.know("access", expired["access"].string());
    django.know("refresh", expired["refresh"].string());
    server.clock().advance(std::chrono::hours{25});
    EXPECT_TRUE(same_answers({
        post("refresh", "/api/token/refresh/", R"({"refresh": "{refresh}"})"),
        post("verify access", "/api/token/verify/", R"({"token": "{access}"})"),
        post("verify refresh", "/api/token/verify/", R"({"token": "{refresh}"})"),
        {"use", "POST", "/api/groups/create/", json_type, R"({"name": "g"})", "Bearer {access}"},
    }));
}

TEST_F(OriginInterop, WhoIsNotSignedInIsToldSoAsByTheOrigin) {
    sign_in("ann");
    std::vector<Request> requests;
    for (const std::string_view authorization :
         {"", "Bearer", "Bearer  ", "Bearer garbage", "Bearer a.b.c", "Bearer a b", "Basic YTpi", "Token {access}"}) {
        requests.push_back({"create", "POST", "/api/groups/create/", json_type, R"({"name": "g"})", std::string{authorization}});
        requests.push_back({"join", "POST", "/api/groups/1/join/", "", "", std::string{authorization}});
        requests.push_back({"read", "GET", "/api/chat/messages/1/", "", "", std::string{authorization}});
        requests.push_back({"before the method is looked at", "PUT", "/api/groups/create/", "", "", std::string{authorization}});
    }
    requests.push_back({"before the body is read", "POST", "/api/groups/create/", json_type, "{", ""});
    EXPECT_TRUE(same_answers(requests));
}

TEST_F(OriginInterop, MethodsAndSlashesAreTakenAsByTheOrigin) {
    sign_in("ann");
    std::vector<Request> requests;
    for (const std::string_view path : {"/api/users/register", "/api/token", "/api/token/refresh", "/api/token/verify", "/api/groups/create",
                                        "/api/groups/1/join", "/api/groups/1/leave", "/api/chat/messages/1"}) {
        for (const std::string_view method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
            const bool reads = path.starts_with("/api/chat");
            if (reads != (method == "GET" || method == "HEAD"))
                requests.push_back({"not allowed", std::string{method}, std::string{path} + "/", "", "", "Bearer {access}"});
        }
        requests.push_back({"without the slash", "GET", std::string{path}});
        requests.push_back({"without the slash", "HEAD", std::string{path} + "?a=b&page=2"});
    }
    EXPECT_TRUE(same_answers(requests));
}

TEST_F(OriginInterop, GroupsAreMadeJoinedAndLeftAsByTheOrigin) {
    sign_in("ann");
    const auto create = [](std::string_view what, std::string body, std::string content_type = json_type) {
        return Request{what, "POST", "/api/groups/create/", std::move(content_type), std::move(body), "Bearer {access}"};
    };
    EXPECT_TRUE(same_answers({
        create("a group", R"({"name": "Harbour"})"),
        create("taken", R"({"name": "Harbour"})"),
        create("taken, with white space", R"({"name": " Harbour "})"),
        create("another", "name=Quay+walkers", form_type),
        create("a number", R"({"name": 7})"),
        create("nothing", "{}"),
        create("null", R"({"name": null})"),
        create("blank", R"({"name": " "})"),
        create("a truth", R"({"name": false})"),
        create("the longest name", R"({"name": ")" + std::string(255, 'g') + "\"}"),
        create("a longer one", R"({"name": ")" + std::string(256, 'g') + "\"}"),
        create("broken", R"({"name)"),
        create("a type nobody reads", "name", "text/plain"),
    }));
    sign_in("bob");
    EXPECT_TRUE(same_answers({
        {"join", "POST", "/api/groups/1/join/", "", "", "Bearer {access}"},
        {"join again", "POST", "/api/groups/1/join/", "", "", "Bearer {access}"},
        {"the body is not read", "POST", "/api/groups/2/join/", json_type, "{", "Bearer {access}"},
        {"leave", "POST", "/api/groups/1/leave/", "", "", "Bearer {access}"},
        {"leave again", "POST", "/api/groups/1/leave/", "", "", "Bearer {access}"},
        {"join what is not there", "POST", "/api/groups/99/join/", "", "", "Bearer {access}"},
        {"leave what is not there", "POST", "/api/groups/99/leave/", "", "", "Bearer {access}"},
    }));
}

TEST_F(OriginInterop, MessagesComeInPagesAsFromTheOrigin) {
    sign_in("ann");
    const Request group{"", "POST", "/api/groups/create/", json_type, R"({"name": "Harbour"})", "Bearer {access}"};
    parley.ask(group);
    django.ask(group);
    EXPECT_TRUE(same_answers({{"no messages", "GET", "/api/chat/messages/1/", "", "", "Bearer {access}"}}));
    for (int i = 1; i <= 25; ++i) {
        const auto body = fmt::format(R"({{"text": "message {}"}})", i);
        parley.ask({"", "POST", "/api/v1/conversations/1/messages", json_type, body, "Bearer {access}"});
        django.ask({"", "POST", "/oracle/post/1/", json_type, body, "Bearer {access}"});
    }
    std::vector<Request> requests;
    for (const std::string_view query : {"",
                                         "?",
                                         "?page=1",
                                         "?page=2",
                                         "?page=3",
                                         "?page=last",
                                         "?page=4",
                                         "?page=0",
                                         "?page=-1",
                                         "?page=",
                                         "?page=x",
                                         "?page=1.0",
                                         "?page=%202%20",
                                         "?page=%2B2",
                                         "?page=0_2",
                                         "?page=02",
                                         "?page=99999999999999999999",
                                         "?page=1&page=2",
                                         "?z=1&page=2&a=%C3%A9+b&a=&b",
                                         "?format=json",
                                         "?page=2&q=%FF+z&~=(*)",
                                         "?page=Last",
                                         "?page=1__0"}) {
        requests.push_back({"a page", "GET", "/api/chat/messages/1/" + std::string{query}, "", "", "Bearer {access}"});
    }
    requests.push_back({"nothing there", "GET", "/api/chat/messages/99/", "", "", "Bearer {access}"});
    EXPECT_TRUE(same_answers(requests));
    sign_in("bob");
    EXPECT_TRUE(same_answers({{"a group one is not in", "GET", "/api/chat/messages/1/?page=77", "", "", "Bearer {access}"}}));
}

TEST_F(OriginInterop, ThrottlingHasTheOriginsShape) {
    const Request throttled{"", "GET", "/oracle/throttled/"};
    django.ask(throttled);
    const auto theirs = django.ask(throttled);
    server.restart({{"limits.rate_limits", "on"}, {"limits.sign_ups_per_hour", "1"}});
    const auto sign_up = registration("", R"({"username": "ann", "password": "correct horse battery"})");
    EXPECT_EQ(parley.ask(sign_up).status, 201);
    const auto ours = parley.ask(sign_up);
    EXPECT_EQ(ours.status, theirs.status);
    ASSERT_TRUE(ours.has_field("retry-after"));
    EXPECT_EQ(replaced(ours.body, {{ours.field("retry-after"), "<n>"}}), replaced(theirs.body, {{theirs.field("retry-after"), "<n>"}}));
}

}  // namespace
}  // namespace parley::interop
