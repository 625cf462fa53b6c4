// SPDX-License-Identifier: Apache-2.0
#include "trust/server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <cctype>
#include <vector>

/// trust.md section 3, cases 50 to 85, 96 and 97: JSON, texts, ids, tokens, names of files.
namespace parley::trust {
namespace {

std::int64_t group() {
    static const auto id = ann().post("/groups", {{"name", fresh("cases ")}})["id"].integer();
    return id;
}
std::string messages() { return fmt::format("/conversations/{}/messages", group()); }

struct Case {
    int number;
    std::string what;
    std::string body;
    std::vector<int> statuses;
};

std::string nested(int depth) { return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']'); }
std::string text(const std::string& json) { return R"({"text": )" + json + "}"; }

std::vector<Case> bodies() {
    std::string keys = "{";
    for (int i = 0; i < 10'000; ++i) keys += fmt::format("{}\"k{}\":1", i > 0 ? "," : "", i);
    std::string bidi = "\"\u202Ea";
    for (int i = 0; i < 1000; ++i) bidi += "\u0301";
    return {
        {50, "depth 10 000", nested(10'000), {400}},
        {50, "depth 10 000 in a field", text(nested(10'000)), {400}},
        {51, "a key twice", R"({"text": "a", "text": "b"})", {400, 422}},
        {52, "NaN", text("NaN"), {400}},
        {52, "1e400", R"({"text": "x", "reply_to_seq": 1e400})", {400, 422}},
        {52, "2^53 + 1 as a text", R"({"text": "x", "reply_to_seq": "9007199254740993"})", {400, 422}},
        {53, "a lone surrogate", text(R"("\ud800")"), {400}},
        {53, "a byte order mark", "\xEF\xBB\xBF{}", {400}},
        {53, "no UTF-8", text("\"\xFF\""), {400}},
        {53, "bytes behind the end", text(R"("x")") + "}", {400}},
        {54, "a number for a text", text("7"), {400, 422}},
        {54, "null in a list", R"({"text": "x", "file_ids": [null]})", {400, 422}},
        {54, "an unknown field", R"({"text": "x", "sender_id": 1})", {400, 422}},
        {54, "a role nobody asked for", R"({"text": "x", "is_admin": true})", {400, 422}},
        {55, "nothing", "", {400, 415}},
        {55, "a list", "[]", {400, 422}},
        {55, "a text", R"("x")", {400, 422}},
        {57, "10 000 keys", keys + "}", {400, 413, 422}},
        {57, "more than a body may have", text("\"" + std::string(300'000, 'x') + "\""), {413}},
        {58, "__proto__", R"({"text": "x", "__proto__": {"a": 1}})", {400, 422}},
        {58, "constructor", R"({"text": "x", "constructor": 1})", {400, 422}},
        {59, "an empty text", text(R"("")"), {422}},
        {59, "white space only", text(R"(" \n\t ")"), {422}},
        {59, "zero width only", text(R"("\u200b\u200d\ufeff")"), {422}},
        {60, "16 385 bytes", text("\"" + std::string(16'385, 'x') + "\""), {422}},
        {60,
         "more bytes than characters",
         text("\"" +
              [] {
                  std::string s;
                  for (int i = 0; i < 8'193; ++i) s += "\xC3\xA9";
                  return s;
              }() +
              "\""),
         {422}},
        {61, "right to left, and a thousand accents", text(bidi + "\""), {201}},
        {64, "odd characters", text("\"\xEF\xBF\xBE\xF4\x8F\xBF\xBF\xF3\xA0\x81\xA1\""), {201, 422}},
        {67, "SQL", text(R"("'; DROP TABLE log; --")"), {201}},
        {73, "a client id too long", R"({"text": "x", "client_id": ")" + std::string(65, 'a') + "\"}", {422}},
        {73, "an ill-formed client id", R"({"text": "x", "client_id": "a b"})", {422}},
    };
}

TEST_F(Catalogue, C50_67_BodiesThatAreBad) {
    for (const auto& it : bodies()) {
        const auto answer = ann().send_json("POST", messages(), it.body);
        EXPECT_NE(std::ranges::find(it.statuses, answer.status), it.statuses.end()) << it.number << ", " << it.what << ": " << answer;
        if (answer.status >= 400) EXPECT_TRUE(answer["code"].string() != "internal" && !answer["request_id"].is_null()) << it.what << ": " << answer;
        EXPECT_TRUE(answers_well()) << it.what;
    }
}

TEST_F(Catalogue, C56_AContentTypeThatIsNone) {
    EXPECT_EQ(ann().send("POST", messages(), {{"Content-Type", "text/plain"}}, text(R"("x")")).status, 415);
    EXPECT_EQ(ann().send("POST", messages(), {}, text(R"("x")")).status, 415);
}

TEST_F(Catalogue, C62_NamesThatLookAlikeAreTaken) {
    const auto name = fresh("pascal");
    EXPECT_EQ(ApiClient{server().address()}.post("/users", {{"username", name}, {"password", "violet-kettle-42"}}).status, 201);
    auto twin = name;
    twin.replace(1, 1, "\u0430");  // CYRILLIC SMALL LETTER A
    for (const auto& other : {twin, std::string{static_cast<char>(std::toupper(name[0]))} + name.substr(1)})
        EXPECT_EQ(ApiClient{server().address()}.post("/users", {{"username", other}, {"password", "violet-kettle-42"}}).status, 409) << other;
}

TEST_F(Catalogue, C63_ControlsInNames) {
    for (const auto* name : {"a\r\nb", "a\x1B]0;b", "a\x07"}) {
        EXPECT_EQ(ann().post("/groups", {{"name", name}}).status, 422) << name;
        EXPECT_EQ(ann().patch("/users/me", {{"display_name", name}}).status, 422) << name;
    }
    EXPECT_EQ(ann().send_json("POST", "/groups", R"({"name": "a\u0000b"})").status, 422);
}

TEST_F(Catalogue, C66_TenThousandMentions) {
    std::string many;
    while (many.size() < 16'000) many += "@ann ";
    const auto answer = ann().post(messages(), {{"text", many}});
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer["mentions"].size(), 1U);
}

TEST_F(Catalogue, C68_71_IdsLimitsAndCursorsThatAreNone) {
    for (const auto* id : {"0", "-1", "x", "1.5", "99999999999999999999", "%27%20OR%201=1", "0x1"})
        EXPECT_EQ(ann().get(fmt::format("/conversations/{}", id)).status, 404) << id;
    EXPECT_EQ(ann().get("/conversations/..%2f..").status, 400) << "no segment of a path";
    for (const auto* limit : {"0", "-1", "1000000000", "x", ""})
        EXPECT_EQ(ann().get(fmt::format("/conversations?limit={}", limit)).status, 400) << limit;
    for (const auto* cursor : {"x", "AAAA", "%00", "e30"})
        EXPECT_EQ(ann().get(fmt::format("/conversations?cursor={}", cursor)).status, 400) << cursor;
    ann().post("/groups", {{"name", fresh("g")}});
    const auto cursor = ann().get("/conversations?limit=1")["next_cursor"].string();
    ASSERT_FALSE(cursor.empty());
    EXPECT_EQ(ann().get("/conversations?limit=1&cursor=" + cursor).status, 200);
    EXPECT_EQ(bob().get("/conversations?limit=1&cursor=" + cursor).status, 400) << "another's (72)";
    auto forged = cursor;
    forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
    EXPECT_EQ(ann().get("/conversations?limit=1&cursor=" + forged).status, 400);
    EXPECT_EQ(ann().get("/groups?limit=1&cursor=" + cursor).status, 400) << "of another list (72)";
}

TEST_F(Catalogue, C73_AKeyOfAnothersIsIndependent) {
    const auto shared = ann().post("/groups", {{"name", fresh("g")}, {"member_ids", boost::json::array{bob().id}}})["id"].integer();
    const auto target = fmt::format("/conversations/{}/messages", shared);
    const boost::json::value mine{{"text", "a"}, {"client_id", "same-key"}}, other{{"text", "b"}, {"client_id", "same-key"}};
    EXPECT_EQ(ann().post(target, mine).status, 201);
    EXPECT_EQ(ann().post(target, mine).status, 200);
    EXPECT_EQ(ann().post(target, other).status, 409);
    EXPECT_EQ(bob().post(target, other).status, 201);
}

std::string base64url(std::string_view bytes) {
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned word = 0;
        for (std::size_t k = 0; k < 3; ++k) word = word << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4 && i + k <= bytes.size(); ++k) out += digits[(word >> (18 - 6 * k)) & 63U];
    }
    return out;
}

TEST_F(Catalogue, C74_82_TokensThatAreNone) {
    const auto& good = ann().token;
    const auto first = good.find('.'), second = good.find('.', first + 1);
    const auto payload = good.substr(first + 1, second - first - 1), signature = good.substr(second + 1);
    const auto with_head = [&](std::string_view head) { return base64url(head) + '.' + payload + '.' + signature; };
    std::vector<std::string> tokens{
        base64url(R"({"alg":"none","typ":"at+jwt"})") + '.' + payload + '.',
        base64url(R"({"alg":"None"})") + '.' + payload + '.',
        base64url("{}") + '.' + payload + '.' + signature,
        with_head(R"({"alg":"HS256","typ":"at+jwt"})"),
        with_head(R"({"alg":"EdDSA","typ":"at+jwt","jku":"http://127.0.0.1:1/keys"})"),
        with_head(R"({"alg":"EdDSA","typ":"at+jwt","jwk":{"kty":"OKP"}})"),
        with_head(R"({"alg":"EdDSA","typ":"at+jwt","kid":"../../etc/passwd"})"),
        with_head(R"({"alg":"EdDSA","typ":"at+jwt","kid":"' OR 1=1"})"),
        with_head(R"({"alg":"EdDSA","typ":"at+jwt","crit":["x"],"x":1})"),
        with_head(R"({"alg":"EdDSA","typ":"at+jwt","b64":false})"),
        good + '.',
        good + ".x",
        '.' + good,
        good + '=',
        good + "A",
        good.substr(0, good.size() - 1),
        good.substr(0, second + 1),
        std::string(8192, 'a'),
        "..",
        "",
        ann().refresh_token,
    };
    for (const auto& token : tokens) {
        const auto answer = ann().http.request("GET", "/api/v1/users/me", {{"Authorization", "Bearer " + token}});
        EXPECT_EQ(answer.status, 401) << token.substr(0, 100);
    }
    EXPECT_EQ(ann().get("/users/me").status, 200);
}

TEST_F(Catalogue, C83_ASpentRefreshTokenEndsTheSession) {
    auto eve = ApiClient::sign_up(server().address(), fresh("eve"));
    const auto spent = eve.refresh_token;
    const auto fresh_pair = eve.post("/auth/refresh", {{"refresh_token", spent}});
    EXPECT_EQ(fresh_pair.status, 200);
    EXPECT_EQ(eve.post("/auth/refresh", {{"refresh_token", spent}}).status, 401);
    EXPECT_EQ(eve.post("/auth/refresh", {{"refresh_token", fresh_pair["refresh_token"].string()}}).status, 401) << "all of the family is gone";
}

TEST_F(Catalogue, C84_85_ATokenWhereItMustNotBe) {
    EXPECT_EQ(ann().http.request("GET", "/api/v1/users/me?access_token=" + ann().token).status, 400);
    EXPECT_EQ(say(fmt::format("GET /api/v1/users/me HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {0}\r\nAuthorization: Bearer {1}\r\n\r\n",
                              ann().token, bob().token))
                  .answer.status,
              400);
}

TEST_F(Catalogue, C96_NamesOfFiles) {
    for (const std::string name : {"../../x", "C:\\x", "a/b", ".htaccess", "CON", "x.", "exe\u202Egpj.txt", "-rf", "a;b=\\", "ünï.txt"}) {
        const auto made = ann().send_form("/files", {{.name = "file", .content = "x", .filename = name}});
        ASSERT_TRUE(made.status == 201 || made.status == 422 || made.status == 400) << name << ' ' << made;
        if (made.status != 201) continue;
        const auto shown = made["name"].string();
        EXPECT_EQ(shown.find_first_of("/\\"), std::string::npos) << shown;
        EXPECT_FALSE(shown.contains("\u202E")) << shown;
        const auto content = ann().get(fmt::format("/files/{}/content", made["id"].integer()));
        EXPECT_TRUE(content.field("content-disposition").starts_with("attachment")) << content.field("content-disposition");
        EXPECT_EQ(content.field("x-content-type-options"), "nosniff");
    }
    const auto longest = ann().send_form("/files", {{.name = "file", .content = "x", .filename = std::string(5000, 'n')}});
    EXPECT_TRUE(longest.status == 201 || longest.status == 422 || longest.status == 413 || longest.status == 400) << longest;
}

TEST_F(Catalogue, C97_FormsThatAreNone) {
    const auto post = [](const std::string& type, const std::string& body) {
        return ann().send("POST", "/files", {{"Content-Type", type}}, body).status;
    };
    const std::string part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nx\r\n";
    EXPECT_EQ(post("multipart/form-data", part + "--b--\r\n"), 400);
    EXPECT_EQ(post("multipart/form-data; boundary=" + std::string(71, 'b'), part), 400);
    EXPECT_EQ(post("multipart/form-data; boundary=b", part), 400) << "no end";
    EXPECT_EQ(post("multipart/form-data; boundary=b", "--b\nContent-Disposition: form-data; name=\"file\"\n\nx\n--b--\n"), 400);
    EXPECT_EQ(post("multipart/form-data; boundary=b", part + part + "--b--\r\n"), 400) << "twice";
    std::string many;
    for (int i = 0; i < 1001; ++i) many += fmt::format("--b\r\nContent-Disposition: form-data; name=\"f{}\"\r\n\r\n\r\n", i);
    const auto status = post("multipart/form-data; boundary=b", many + "--b--\r\n");
    EXPECT_TRUE(status == 400 || status == 413 || status == 422) << status;
    const auto large = post("multipart/form-data; boundary=b", "--b\r\nX: " + std::string(9000, 'x') + "\r\n\r\n\r\n--b--\r\n");
    EXPECT_TRUE(large == 400 || large == 413) << large;
}

}  // namespace
}  // namespace parley::trust
