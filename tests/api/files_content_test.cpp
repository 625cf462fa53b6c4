// SPDX-License-Identifier: Apache-2.0
#include "api/files.hpp"

#include "core/sha256.hpp"

namespace parley::testing {
namespace {

/// api.md section 5: GET /files/{id}/content.
class FileContents : public ApiTest {
protected:
    FileContents() : ann(sign_up("ann")), file(upload(ann, content, "digits.txt")) {}

    Answer range(const std::string& value) { return get_content(ann, file, {{"Range", value}}); }

    const std::string content = "0123456789";
    const std::string etag = '"' + sha256_hex(content) + '"';
    ApiClient ann;
    std::int64_t file;
};

TEST_F(FileContents, HaveTheirHashAsStrongETag) {
    const auto answer = get_content(ann, file);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, content);
    EXPECT_EQ(answer.field("etag"), etag);
    EXPECT_EQ(answer.field("accept-ranges"), "bytes");
    EXPECT_EQ(answer.field("content-type"), "text/plain");
}

TEST_F(FileContents, AreGivenInPart) {
    const std::vector<std::tuple<std::string, std::string, std::string>> cases{
        {"bytes=2-4", "234", "bytes 2-4/10"},        {"bytes=7-", "789", "bytes 7-9/10"},
        {"bytes=-2", "89", "bytes 8-9/10"},          {"bytes=0-99999999999999999999", "0123456789", "bytes 0-9/10"},
        {"bytes=-99", "0123456789", "bytes 0-9/10"}, {"BYTES=9-9", "9", "bytes 9-9/10"}};
    for (const auto& [wanted, part, where] : cases) {
        const auto answer = range(wanted);
        EXPECT_EQ(answer.status, 206) << wanted;
        EXPECT_EQ(answer.body, part) << wanted;
        EXPECT_EQ(answer.field("content-range"), where);
        EXPECT_EQ(answer.field("etag"), etag);
    }
}

TEST_F(FileContents, AreGivenWholeForSeveralOrMalformedRanges) {
    for (const auto* wanted :
         {"bytes=0-1,3-4", "bytes=0-,0-", "bytes=5-2", "bytes=x-y", "bytes=", "bytes=-", "chars=0-1", "bytes 0-1", "bytes=1- 2"}) {
        const auto answer = range(wanted);
        EXPECT_EQ(answer.status, 200) << wanted;
        EXPECT_EQ(answer.body, content) << wanted;
        EXPECT_FALSE(answer.has_field("content-range")) << wanted;
    }
}

TEST_F(FileContents, HaveNoRangeBeyondTheirEnd) {
    for (const auto* wanted : {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999-"}) {
        const auto answer = range(wanted);
        EXPECT_PROBLEM(answer, 416, "range_not_satisfiable");
        EXPECT_EQ(answer.field("content-range"), "bytes */10") << wanted;
    }
}

TEST_F(FileContents, AreGivenInPartOnlyIfIfRangeHolds) {
    const auto with = [&](const std::string& value) { return get_content(ann, file, {{"Range", "bytes=1-2"}, {"If-Range", value}}); };
    EXPECT_EQ(with(etag).status, 206);
    for (const auto& other : {std::string{"\"other\""}, "W/" + etag, std::string{"Sun, 22 Nov 2026 18:07:00 GMT"}, std::string{}}) {
        const auto answer = with(other);
        EXPECT_EQ(answer.status, 200) << other;
        EXPECT_EQ(answer.body, content) << other;
    }
}

TEST_F(FileContents, AreNotSentAgainToWhoHasThem) {
    const auto with = [&](const std::string& value) { return get_content(ann, file, {{"If-None-Match", value}}); };
    for (const auto& known : {etag, "W/" + etag, "\"a\", " + etag, std::string{"*"}}) {
        const auto answer = with(known);
        EXPECT_EQ(answer.status, 304) << known;
        EXPECT_EQ(answer.body, "");
        EXPECT_EQ(answer.field("etag"), etag) << known;
    }
    EXPECT_EQ(with("\"other\"").status, 200);
    EXPECT_EQ(get_content(ann, file, {{"If-None-Match", etag}, {"Range", "bytes=99-"}}).status, 304) << "before the range is looked at";
}

TEST_F(FileContents, AnswerHead) {
    const auto head = ann.head(file_target(file, "/content"));
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.field("content-length"), "10");
    EXPECT_EQ(head.field("etag"), etag);
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(get_content(ann, file).body, content) << "the connection is still good";
}

TEST_F(FileContents, AreAttachmentsOfTheirName) {
    const auto disposition = [&](std::string_view name) { return get_content(ann, upload(ann, "x", name)).field("content-disposition"); };
    EXPECT_EQ(disposition("plain.txt"), "attachment; filename=\"plain.txt\"");
    const auto accents = disposition("naïve €.txt");
    EXPECT_TRUE(accents.starts_with("attachment; filename=\"")) << accents;
    EXPECT_TRUE(accents.ends_with("; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt")) << accents;
}

TEST_F(FileContents, AreShownInPlaceOnlyIfAskedAndSafe) {
    const auto picture = upload(ann, "\x89PNG\r\n\x1A\n....", "p.png", "image/png");
    EXPECT_TRUE(get_content(ann, picture, {}, "?inline=1").field("content-disposition").starts_with("inline"));
    EXPECT_TRUE(get_content(ann, picture, {}, "?inline=0").field("content-disposition").starts_with("attachment"));
    EXPECT_TRUE(get_content(ann, picture).field("content-disposition").starts_with("attachment"));
}

TEST_F(FileContents, OfHostileTypesAreNeverShownInPlace) {
    const std::vector<std::pair<std::string, std::string>> hostile{{"text/html", "<script>alert(1)</script>"},
                                                                   {"image/svg+xml", "<svg onload='alert(1)'/>"},
                                                                   {"application/xhtml+xml", "<html/>"},
                                                                   {"text/xml", "<?xml-stylesheet?>"},
                                                                   {"application/pdf", "%PDF-1.7"},
                                                                   {"text/javascript", "alert(1)"},
                                                                   {"image/png", "<html><script>"},
                                                                   {"multipart/related", "MIME-Version: 1.0"}};
    for (const auto& [type, bytes] : hostile) {
        const auto answer = get_content(ann, upload(ann, bytes, "x.html", type), {}, "?inline=1");
        EXPECT_TRUE(answer.field("content-disposition").starts_with("attachment")) << type;
        EXPECT_NE(answer.field("content-type"), "image/png") << type;
    }
}

TEST_F(FileContents, AreFencedInByTheirHeaders) {
    for (const auto& answer : {get_content(ann, file), range("bytes=0-1"), get_content(ann, file, {{"If-None-Match", "*"}})}) {
        EXPECT_EQ(answer.field("x-content-type-options"), "nosniff") << answer;
        EXPECT_TRUE(answer.field("content-security-policy").contains("sandbox")) << answer;
        EXPECT_TRUE(answer.field("content-security-policy").contains("default-src 'none'")) << answer;
        EXPECT_TRUE(answer.field("cache-control").contains("private")) << answer;
    }
}

TEST_F(FileContents, OfAPolyglotKeepTheFence) {
    const auto answer = get_content(ann, upload(ann, "GIF89a=1;alert(1)//<html>", "x.gif", "text/html"), {}, "?inline=1");
    EXPECT_EQ(answer.field("content-type"), "image/gif");
    EXPECT_EQ(answer.field("x-content-type-options"), "nosniff");
    EXPECT_TRUE(answer.field("content-security-policy").contains("sandbox"));
}

TEST_F(FileContents, OfAnEmptyFileHaveNoRange) {
    const auto empty = upload(ann, "");
    EXPECT_EQ(get_content(ann, empty, {{"Range", "bytes=0-"}}).status, 416);
    EXPECT_EQ(get_content(ann, empty, {{"Range", "bytes=-5"}}).status, 200) << "satisfiable, but there is no part to tell";
}

TEST_F(FileContents, NeedASignInAndAToken) {
    EXPECT_EQ(anonymous().get(file_target(file, "/content")).status, 401);
    EXPECT_EQ(anonymous().get(file_target(file, "/content?access_token=" + ann.token)).status, 400);
}

}  // namespace
}  // namespace parley::testing
