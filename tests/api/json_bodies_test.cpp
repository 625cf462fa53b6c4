// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

/// api.md section 1: how bodies are read and how errors look.
class JsonBodies : public ApiTest {
protected:
    static Answer sign_up_with(std::string_view body) { return anonymous().send_json("POST", "/users", body); }
};

TEST_F(JsonBodies, AProblemHasAllItsMembersAndTheRequestIdOfTheHeader) {
    const auto answer = anonymous().get("/users/me");
    EXPECT_PROBLEM(answer, 401, "auth.required");
    EXPECT_EQ(answer["status"], 401);
    EXPECT_FALSE(answer["type"].string().empty());
    EXPECT_FALSE(answer["title"].string().empty());
    EXPECT_FALSE(answer["detail"].string().empty());
    EXPECT_EQ(answer["request_id"], answer.field("x-request-id"));
    EXPECT_TRUE(answer.field("www-authenticate").starts_with("Bearer")) << answer.field("www-authenticate");
}

TEST_F(JsonBodies, AnUnknownFieldIsRefusedWithItsPointer) {
    EXPECT_FIELD_PROBLEM(sign_up_with(R"({"username":"x","password":"correct horse battery","colour":1})"), 400, "unknown_field", "/colour");
}

TEST_F(JsonBodies, ThePointerOfAnUnknownFieldIsEscaped) {
    EXPECT_FIELD_PROBLEM(sign_up_with(R"({"username":"x","password":"correct horse battery","a/b~c":1})"), 400, "unknown_field", "/a~1b~0c");
}

TEST_F(JsonBodies, AFieldGivenTwiceIsRefused) {
    EXPECT_FIELD_PROBLEM(sign_up_with(R"({"username":"x","username":"y","password":"correct horse battery"})"), 400, "duplicate_field", "/username");
}

TEST_F(JsonBodies, AFieldGivenTwiceIsRefusedEvenWhenItsNameIsEscaped) {
    EXPECT_FIELD_PROBLEM(sign_up_with(R"({"username":"x","\u0075sername":"y","password":"correct horse battery"})"), 400, "duplicate_field",
                         "/username");
}

TEST_F(JsonBodies, AWrongTypeIsRefusedWithItsPointer) {
    EXPECT_FIELD_PROBLEM(sign_up_with(R"({"username":7,"password":"correct horse battery"})"), 400, "wrong_type", "/username");
    EXPECT_FIELD_PROBLEM(sign_up_with(R"({"username":["x"],"password":"correct horse battery"})"), 400, "wrong_type", "/username");
}

TEST_F(JsonBodies, AWrongTypeInsideAListIsRefusedWithItsPlace) {
    auto ann = sign_up("ann");
    EXPECT_FIELD_PROBLEM(ann.send_json("POST", "/groups", R"({"name":"g","member_ids":[1,"two"]})"), 400, "wrong_type", "/member_ids/1");
}

TEST_F(JsonBodies, ANumberThatIsNoWholeNumberIsNoId) {
    auto ann = sign_up("ann");
    EXPECT_FIELD_PROBLEM(ann.send_json("POST", "/conversations/direct", R"({"user_id":1.5})"), 400, "wrong_type", "/user_id");
    EXPECT_FIELD_PROBLEM(ann.send_json("POST", "/conversations/direct", R"({"user_id":"1"})"), 400, "wrong_type", "/user_id");
}

TEST_F(JsonBodies, AMissingFieldIsRequired) {
    EXPECT_FIELD_PROBLEM(sign_up_with(R"({"username":"x"})"), 422, "required", "/password");
    EXPECT_FIELD_PROBLEM(sign_up_with(R"({"password":"correct horse battery"})"), 422, "required", "/username");
}

TEST_F(JsonBodies, NullForARequiredFieldIsTheSameAsLeavingItOut) {
    EXPECT_FIELD_PROBLEM(sign_up_with(R"({"username":null,"password":"correct horse battery"})"), 422, "required", "/username");
}

TEST_F(JsonBodies, NullForAnOptionalFieldIsTheSameAsLeavingItOut) {
    const auto name = fresh("ann");
    const auto answer =
        anonymous().post("/users", {{"username", name}, {"password", ApiClient::password}, {"email", nullptr}, {"display_name", nullptr}});
    EXPECT_STATUS(answer, 201);
    EXPECT_EQ(answer["display_name"], name);
}

TEST_F(JsonBodies, ATextOverItsLimitIsTooLong) {
    auto ann = sign_up("ann");
    const auto group = create_group(ann);
    EXPECT_FIELD_PROBLEM(ann.post(conversation_target(group, "/messages"), {{"text", std::string(16'385, 'a')}}), 422, "too_long", "/text");
}

TEST_F(JsonBodies, TheProblemsOwnCodeIsTheFirstFields) {
    const auto answer = sign_up_with(R"({"username":7,"colour":1})");
    EXPECT_EQ(answer.status, 400) << answer;
    EXPECT_EQ(answer["code"], answer["errors"][0]["code"]);
}

TEST_F(JsonBodies, WhatIsNoJsonIsMalformed) {
    for (const auto* body : {"", "{", "{\"username\":}", "nonsense", "{} {}", "{\"username\":\"x\",}", "\xEF\xBB\xBF{}", "{\"username\":\"\xFF\"}",
                             "{\"username\":\"\\ud800\"}", "{'username':1}", "{\"username\":NaN}", "{\"username\":01}"}) {
        const auto answer = sign_up_with(body);
        EXPECT_PROBLEM(answer, 400, "malformed_json") << body;
    }
}

TEST_F(JsonBodies, ADocumentThatIsNoObjectIsRefused) {
    for (const auto* body : {"[]", "\"text\"", "7", "null", "true"}) EXPECT_EQ(sign_up_with(body).status, 400) << body;
}

TEST_F(JsonBodies, MayNotBeNestedDeeperThan32) {
    const auto nested = [](int depth) {
        return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
    };
    EXPECT_PROBLEM(sign_up_with("{\"username\":" + nested(31) + "}"), 400, "wrong_type");
    EXPECT_PROBLEM(sign_up_with("{\"username\":" + nested(32) + "}"), 400, "json_too_deep");
}

TEST_F(JsonBodies, MayBe256KiBAndNotAByteMore) {
    const std::string core = R"({"username":"x"})";
    const std::string most = core + std::string(256 * 1024 - core.size(), ' ');
    EXPECT_FIELD_PROBLEM(sign_up_with(most), 422, "required", "/password");
    EXPECT_PROBLEM(sign_up_with(most + " "), 413, "body_too_large");
}

TEST_F(JsonBodies, AreReadFromTheChunkedCoding) {
    auto ann = sign_up("ann");
    const auto answer = ann.send("POST", "/groups", {{"Content-Type", "application/json"}, {"Transfer-Encoding", "chunked"}},
                                 "8\r\n{\"name\":\r\n7\r\n\"piece\"\r\n1\r\n}\r\n0\r\n\r\n");
    EXPECT_STATUS(answer, 201);
    EXPECT_EQ(answer["name"], "piece");
}

TEST_F(JsonBodies, NeedTheirContentType) {
    const auto body = R"({"username":"x","password":"correct horse battery"})";
    EXPECT_PROBLEM(anonymous().send("POST", "/users", {}, body), 415, "not_json");
    EXPECT_PROBLEM(anonymous().send("POST", "/users", {{"Content-Type", "text/plain"}}, body), 415, "not_json");
    EXPECT_PROBLEM(anonymous().send("POST", "/users", {{"Content-Type", "application/x-www-form-urlencoded"}}, "username=x"), 415, "not_json");
}

TEST_F(JsonBodies, TheContentTypeMayHaveACharsetAndAnyCase) {
    const auto sent = [](std::string_view type) {
        return anonymous().send("POST", "/users", {{"Content-Type", std::string{type}}}, R"({"username":"x"})");
    };
    EXPECT_PROBLEM(sent("application/json; charset=utf-8"), 422, "required");
    EXPECT_PROBLEM(sent("Application/JSON"), 422, "required");
}

TEST_F(JsonBodies, ACompressedBodyIsRefused) {
    const auto answer = anonymous().send("POST", "/users", {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}}, "{}");
    EXPECT_PROBLEM(answer, 415, "unsupported_content_coding");
}

TEST_F(JsonBodies, ACallWithoutABodyNeedsNoContentType) {
    auto ann = sign_up("ann");
    EXPECT_STATUS(ann.post("/auth/ticket"), 200);
    EXPECT_STATUS(ann.post("/auth/logout"), 204);
}

TEST_F(JsonBodies, IdsBeyond2To53AreNobodys) {
    auto ann = sign_up("ann");
    EXPECT_STATUS(ann.get("/users/9007199254740993"), 404);
    EXPECT_STATUS(ann.get("/users/99999999999999999999999"), 404);
    for (const auto* id : {"0", "-1", "x", "1x", "+1", "01"}) EXPECT_EQ(ann.get("/users/" + std::string{id}).status, 404) << id;
}

}  // namespace
}  // namespace parley::testing
