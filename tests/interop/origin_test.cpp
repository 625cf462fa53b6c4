// SPDX-License-Identifier: Apache-2.0
#include "interop/origin_oracle.hpp"
#include "support/test_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <regex>
#include <string>
#include <vector>

/// The origin's routes (api.md section 7) beside a Django project that has them: both get the same requests, and have to give the same answers.
///
/// Left out, because Parley is stricter or says more there:
/// - usernames that differ from a taken one in case or compatibility forms only, with invisible letters, and Django's NFKC form of a new one;
/// - names of groups that differ in case only, or have control characters; joining by a member, the last owner, private groups;
/// - numbers beyond 64 bits, NaN, lone surrogates, depth above 32, charsets other than UTF-8;
/// - OPTIONS (no description of the serializer), Accept (always JSON), bodies above 256 KiB, a bad token where none is needed;
/// - addresses with a percent sign that begins no escape: 400 before any route is asked;
/// - addresses that are no route: Django answers those in HTML, Parley in the shape of its 404;
/// - ids and times of messages.
namespace parley::interop {
namespace {

using testing::Answer, testing::Fields, testing::HttpClient;

struct Request {
    std::string_view what;
    std::string method, target;
    std::string content_type = {}, body = {};
    std::string authorization = {};
};

std::string replaced(std::string text, const std::map<std::string, std::string>& words) {
    for (const auto& [word, by] : words) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) text.replace(at, word.size(), by);
    }
    return text;
}

/// Members sorted; what cannot be the same on both sides has a name instead.
boost::json::value comparable(const boost::json::value& value, std::string_view key = {}) {
    if (value.is_string() && (key == "access" || key == "refresh")) return "<token>";
    if (key == "timestamp") {
        const bool is_time = std::regex_match(value.get_string().c_str(), std::regex{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z)"});
        return is_time ? "<time>" : value;
    }
    if (const auto* const array = value.if_array()) {
        boost::json::array items;
        for (const auto& item : *array) items.push_back(comparable(item));
        return items;
    }
    if (const auto* const object = value.if_object()) {
        std::map<std::string, boost::json::value> sorted;
        for (const auto& member : *object) sorted[member.key()] = comparable(member.value(), member.key());
        if (sorted.contains("receiver_group")) sorted["id"] = "<seq>";
        boost::json::object members;
        for (auto& [name, member] : sorted) members[name] = std::move(member);
        return members;
    }
    return value;
}

/// One of the two servers, and who is signed in there.
class Side {
public:
    explicit Side(const std::string& address) : http_(address) {}

    /// `{access}` and the like in a request stand for this side's tokens.
    void know(const std::string& word, std::string value) { words_["{" + word + "}"] = std::move(value); }

    Answer ask(const Request& request) {
        Fields fields;
        if (!request.content_type.empty()) fields.emplace_back("Content-Type", request.content_type);
        if (!request.authorization.empty()) fields.emplace_back("Authorization", replaced(request.authorization, words_));
        auto answer = http_.request(request.method, request.target, fields, replaced(request.body, words_));
        if (request.method == "HEAD") http_.disconnect();  // Python's server sends a body behind some of those answers
        return answer;
    }

    /// Status, the header fields the origin's clients look at, and the body, as one text.
    std::string described(const Request& request) {
        const auto answer = ask(request);
        auto text = fmt::format("{}\n", answer.status);
        for (const std::string_view name : {"content-type", "www-authenticate", "location"}) {
            if (answer.status != 301 || name != "content-type") text += fmt::format("{}: {}\n", name, answer.field(name));
        }
        if (answer.status == 405) text += fmt::format("allow: {}\n", answer.field("allow"));
        boost::json::error_code no_json;
        const auto body = boost::json::parse(answer.body, no_json);
        text += no_json ? answer.body : boost::json::serialize(comparable(body));
        return replaced(text, {{http_.address(), "<host>"}});
    }

    /// Registers and signs in; `{access}` and `{refresh}` are theirs from now on.
    void sign_in(const std::string& name) {
        const auto body = fmt::format(R"({{"username": "{}", "password": "correct horse battery"}})", name);
        ask({"", "POST", "/api/users/register/", "application/json", body});
        const auto answer = ask({"", "POST", "/api/token/", "application/json", body});
        EXPECT_EQ(answer.status, 200) << answer;
        know("access", answer["access"].string());
        know("refresh", answer["refresh"].string());
    }

private:
    HttpClient http_;
    std::map<std::string, std::string> words_;
};

class OriginInterop : public ::testing::Test {
protected:
    void expect_same_answers(const std::vector<Request>& requests) {
        for (const auto& request : requests) {
            SCOPED_TRACE(fmt::format("{}: {} {} {}", request.what, request.method, request.target, request.body));
            EXPECT_EQ(parley.described(request), django.described(request));
        }
    }
    void sign_in(const std::string& name) {
        parley.sign_in(name);
        django.sign_in(name);
    }

    OriginOracle oracle;
    testing::TestServer server;
    Side parley{server.address()}, django{oracle.address()};
};

const std::string json = "application/json", form = "application/x-www-form-urlencoded";

Request post(std::string_view what, std::string target, std::string body, std::string content_type = json) {
    return {what, "POST", std::move(target), std::move(content_type), std::move(body)};
}
Request registration(std::string_view what, std::string body, std::string content_type = json) {
    return post(what, "/api/users/register/", std::move(body), std::move(content_type));
}

TEST_F(OriginInterop, RegistrationsAreJudgedAsByTheOrigin) {
    const std::string password = R"("password": "correct horse battery")";
    expect_same_answers({
        registration("a new user", R"({"username": "ann", "email": "ann@Example.ORG", )" + password + "}"),
        registration("taken", R"({"username": "ann", )" + password + "}"),
        registration("taken, and a bad e-mail", R"({"username": "ann", "email": "x", )" + password + "}"),
        registration("nothing", "{}"),
        registration("no body", ""),
        registration("nulls", R"({"username": null, "email": null, "password": null})"),
        registration("blanks", R"({"username": "", "email": "", "password": "  \t"})"),
        registration("white space of Unicode", R"({"username": "\u2003", "email": "\u00a0", "password": "\u001c\u3000"})"),
        registration("truths", R"({"username": true, "email": false, "password": true})"),
        registration("lists and objects", R"({"username": ["ann"], "email": {}, "password": [[]]})"),
        registration("numbers are texts", R"({"username": 12, "password": "correct horse battery"})"),
        registration("a negative number", R"({"username": -12, "password": 1234567})"),
        registration("real numbers", R"({"username": 1.50, "email": 1e3, "password": 12345678.25})"),
        registration("large and small ones", R"({"username": 1e16, "email": 1.5e-7, "password": 0.0001})"),
        registration("characters a name may not have", R"({"username": "a b!", )" + password + "}"),
        registration("characters of any script", R"({"username": "李.é@+-_٣", )" + password + "}"),
        registration("white space around", R"({"username": "  bob\n", "email": " bob@example.org ", "password": " correct horse battery "})"),
        registration("the longest name", R"({"username": ")" + std::string(150, 'n') + "\", " + password + "}"),
        registration("a longer one", R"({"username": ")" + std::string(151, 'n') + "\", " + password + "}"),
        registration("a longer one that is bad, too",
                     R"({"username": ")" + std::string(151, ' ') + "a" + std::string(151, '!') + "\", " + password + "}"),
        registration("a NUL", R"({"username": "a\u0000b", "email": "a\u0000@b.cd", "password": "correct\u0000horse"})"),
        registration("no address", R"({"username": "cid", "email": "cid", )" + password + "}"),
        registration("a long address", R"({"username": "cid", "email": ")" + std::string(250, 'c') + "@example.org\", " + password + "}"),
        registration("a long text", R"({"username": "cid", "email": ")" + std::string(300, 'c') + "\", " + password + "}"),
        registration("a short password", R"({"username": "cid", "password": "xq7"})"),
        registration("a common one", R"({"username": "cid", "password": "password"})"),
        registration("digits only", R"({"username": "cid", "password": "83650174926"})"),
        registration("short digits", R"({"username": "cid", "password": "123"})"),
        registration("like the name", R"({"username": "cidmalone", "password": "cidmalone1"})"),
        registration("like the address", R"({"username": "cid", "email": "wonderful@example.org", "password": "wonderful1"})"),
        registration("a long password", R"({"username": "cid", "password": ")" + std::string(129, 'p') + "\"}"),
        registration("unknown fields", R"({"username": "dora", "is_staff": true, "id": 7, )" + password + "}"),
        registration("a field twice", R"({"username": "x y", "username": "emil", )" + password + "}"),
    });
}

TEST_F(OriginInterop, BodiesOfEveryKindAreReadAsByTheOrigin) {
    const std::string multipart = "multipart/form-data; boundary=xyz";
    const auto part = [](std::string_view head, std::string_view value) {
        return fmt::format("--xyz\r\nContent-Disposition: form-data; {}\r\n\r\n{}\r\n", head, value);
    };
    const auto password = part("name=\"password\"", "correct horse battery");
    expect_same_answers({
        registration("a form", "username=ann&password=correct+horse+battery&email=ann%40example.org", form),
        registration("a form with a charset", "username=ann2&password=correct+horse+battery", form + "; charset=utf-8"),
        registration("a form whose last value counts", "username=x+y&username=ann3&password=correct+horse+battery", form),
        registration("odd forms", "&&username&password=%zz%C3&=x&email=", form),
        registration("an empty form", "", form),
        registration("several parts", part("name=\"username\"", "bob") + password + "--xyz--\r\n", multipart),
        registration("a part that is a file", part("name=\"username\"; filename=\"a.txt\"", "bob") + password + "--xyz--\r\n", multipart),
        registration("no parts", "--xyz--\r\n", multipart),
        registration("a type nobody reads", "username=ann", "text/plain"),
        registration("one with a parameter", "username=ann", "text/plain; charset=\"utf-8\""),
        registration("no type", "username=ann", ""),
        registration("no type and no body", "", ""),
        registration("JSON in capitals", "{}", "APPLICATION/JSON"),
        registration("JSON with a charset", "{}", "application/json; charset=utf-8"),
        registration("like JSON", "{}", "application/problem+json"),
        registration("a list", R"(["ann"])"),
        registration("a text", R"("ann")"),
        registration("a number", "12"),
        registration("a real number", "1.5"),
        registration("a truth", "true"),
        registration("null", "null"),
    });
}

TEST_F(OriginInterop, BrokenJsonIsComplainedOfInPythonsWords) {
    std::vector<Request> requests;
    for (const std::string_view body : {"{",
                                        "[",
                                        "{]",
                                        "{\"a\"",
                                        "{\"a\":",
                                        "{\"a\":}",
                                        "{\"a\":1",
                                        "{\"a\":1,",
                                        "{\"a\":1,}",
                                        "{\"a\" 1}",
                                        "{a:1}",
                                        "{'a':1}",
                                        "[1,]",
                                        "[1 2]",
                                        "[1",
                                        "[,]",
                                        "{} {}",
                                        "{}x",
                                        " ",
                                        "\n \n x",
                                        "nul",
                                        "tru",
                                        "-",
                                        "01",
                                        "1.",
                                        "1.e5",
                                        "1e",
                                        "+1",
                                        ".5",
                                        "\"a",
                                        "\"a\\",
                                        "\"a\\x\"",
                                        "\"\\u12\"",
                                        "\"\\u12g4\"",
                                        "\"\\u1234",
                                        "\"a\nb\"",
                                        "{\"a\":\"\t\"}",
                                        "{\n \"a\": 1,\n \"b\" 2\n}",
                                        "{\"é李\": x}",
                                        "\xEF\xBB\xBF{}",
                                        "{\"a\":\"\xFF\"}",
                                        "{\"a\":\"\xC3(\"}",
                                        "[[[[[",
                                        "{\"a\":{\"b\":[1,{\"c\":}]}}"}) {
        requests.push_back(post("broken JSON", "/api/token/", std::string{body}));
    }
    expect_same_answers(requests);
}

TEST_F(OriginInterop, TokensAreGivenRefreshedAndVerifiedAsByTheOrigin) {
    sign_in("ann");
    expect_same_answers({
        post("sign-in", "/api/token/", R"({"username": "ann", "password": "correct horse battery"})"),
        post("sign-in by a form", "/api/token/", "username=ann&password=correct+horse+battery", form),
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
    });
}

TEST_F(OriginInterop, TokensWhoseTimeIsOverAreRefusedAsByTheOrigin) {
    sign_in("ann");
    const auto expired = django.ask({"", "GET", "/oracle/expired/"});
    django.know("access", expired["access"].string());
    django.know("refresh", expired["refresh"].string());
    server.clock().advance(std::chrono::hours{25});
    expect_same_answers({
        post("refresh", "/api/token/refresh/", R"({"refresh": "{refresh}"})"),
        post("verify access", "/api/token/verify/", R"({"token": "{access}"})"),
        post("verify refresh", "/api/token/verify/", R"({"token": "{refresh}"})"),
        {"use", "POST", "/api/groups/create/", json, R"({"name": "g"})", "Bearer {access}"},
    });
}

TEST_F(OriginInterop, WhoIsNotSignedInIsToldSoAsByTheOrigin) {
    sign_in("ann");
    std::vector<Request> requests;
    for (const std::string_view authorization :
         {"", "Bearer", "Bearer  ", "Bearer garbage", "Bearer a.b.c", "Bearer a b", "Basic YTpi", "Token {access}"}) {
        requests.push_back({"create", "POST", "/api/groups/create/", json, R"({"name": "g"})", std::string{authorization}});
        requests.push_back({"join", "POST", "/api/groups/1/join/", "", "", std::string{authorization}});
        requests.push_back({"read", "GET", "/api/chat/messages/1/", "", "", std::string{authorization}});
        requests.push_back({"before the method is looked at", "PUT", "/api/groups/create/", "", "", std::string{authorization}});
    }
    requests.push_back({"before the body is read", "POST", "/api/groups/create/", json, "{", ""});
    expect_same_answers(requests);
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
    expect_same_answers(requests);
}

TEST_F(OriginInterop, GroupsAreMadeJoinedAndLeftAsByTheOrigin) {
    sign_in("ann");
    const auto create = [](std::string_view what, std::string body, std::string content_type = json) {
        return Request{what, "POST", "/api/groups/create/", std::move(content_type), std::move(body), "Bearer {access}"};
    };
    expect_same_answers({
        create("a group", R"({"name": "Harbour"})"),
        create("taken", R"({"name": "Harbour"})"),
        create("taken, with white space", R"({"name": " Harbour "})"),
        create("another", "name=Quay+walkers", form),
        create("a number", R"({"name": 7})"),
        create("nothing", "{}"),
        create("null", R"({"name": null})"),
        create("blank", R"({"name": " "})"),
        create("a truth", R"({"name": false})"),
        create("the longest name", R"({"name": ")" + std::string(255, 'g') + "\"}"),
        create("a longer one", R"({"name": ")" + std::string(256, 'g') + "\"}"),
        create("broken", R"({"name)"),
        create("a type nobody reads", "name", "text/plain"),
    });
    sign_in("bob");
    expect_same_answers({
        {"join", "POST", "/api/groups/1/join/", "", "", "Bearer {access}"},
        {"join again", "POST", "/api/groups/1/join/", "", "", "Bearer {access}"},
        {"the body is not read", "POST", "/api/groups/2/join/", json, "{", "Bearer {access}"},
        {"leave", "POST", "/api/groups/1/leave/", "", "", "Bearer {access}"},
        {"leave again", "POST", "/api/groups/1/leave/", "", "", "Bearer {access}"},
        {"join what is not there", "POST", "/api/groups/99/join/", "", "", "Bearer {access}"},
        {"leave what is not there", "POST", "/api/groups/99/leave/", "", "", "Bearer {access}"},
    });
}

TEST_F(OriginInterop, MessagesComeInPagesAsFromTheOrigin) {
    sign_in("ann");
    const Request group{"", "POST", "/api/groups/create/", json, R"({"name": "Harbour"})", "Bearer {access}"};
    parley.ask(group);
    django.ask(group);
    expect_same_answers({{"no messages", "GET", "/api/chat/messages/1/", "", "", "Bearer {access}"}});
    for (int i = 1; i <= 25; ++i) {
        const auto body = fmt::format(R"({{"text": "message {}"}})", i);
        parley.ask({"", "POST", "/api/v1/conversations/1/messages", json, body, "Bearer {access}"});
        django.ask({"", "POST", "/oracle/post/1/", json, body, "Bearer {access}"});
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
    expect_same_answers(requests);
    sign_in("bob");
    expect_same_answers({{"a group one is not in", "GET", "/api/chat/messages/1/?page=77", "", "", "Bearer {access}"}});
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
