// SPDX-License-Identifier: Apache-2.0
#include "interop/origin_sides.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace parley::interop {
namespace {

TEST_F(OriginInterop, RegistrationsAreJudgedAsByTheOrigin) {
    const std::string password = R"("password": "correct horse battery")";
    EXPECT_TRUE(same_answers({
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
    }));
}

TEST_F(OriginInterop, BodiesOfEveryKindAreReadAsByTheOrigin) {
    const std::string multipart = "multipart/form-data; boundary=xyz";
    const auto part = [](std::string_view head, std::string_view value) {
        return fmt::format("--xyz\r\nContent-Disposition: form-data; {}\r\n\r\n{}\r\n", head, value);
    };
    const auto password = part("name=\"password\"", "correct horse battery");
    EXPECT_TRUE(same_answers({
        registration("a form", "username=ann&password=correct+horse+battery&email=ann%40example.org", form_type),
        registration("a form with a charset", "username=ann2&password=correct+horse+battery", form_type + "; charset=utf-8"),
        registration("a form whose last value counts", "username=x+y&username=ann3&password=correct+horse+battery", form_type),
        registration("odd forms", "&&username&password=%zz%C3&=x&email=", form_type),
        registration("an empty form", "", form_type),
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
    }));
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
    EXPECT_TRUE(same_answers(requests));
}

}  // namespace
}  // namespace parley::interop
