// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include "http/errors.hpp"

#include "support/expect.hpp"
#include "support/pieces.hpp"

#include <gtest/gtest.h>
#include <random>
#include <string>

namespace parley::http {
namespace {

/// Writes down what it is told: `name|file name|content type|data;` for each part, `.` at the end.
struct Listener {
    Result<void> part_begin(const Part& part) {
        told += std::string{part.name} + '|' + std::string{part.file_name.value_or("-")} + '|' + std::string{part.content_type} + '|';
        if (part.repeated) told += "again|";
        return {};
    }
    Result<void> part_data(std::string_view data) {
        EXPECT_FALSE(data.empty());
        told += data;
        return {};
    }
    Result<void> part_end() { return told += ';', Result<void>{}; }
    Result<void> finished() { return told += '.', Result<void>{}; }
    std::string told;
};

Result<std::string> read(const std::vector<std::string_view>& pieces, std::string_view boundary = "b", MultipartLimits limits = {}) {
    Multipart multipart{boundary, limits};
    Listener listener;
    for (const auto piece : pieces) CHECK(multipart.feed(piece, listener));
    CHECK(multipart.finish());
    return listener.told;
}
Result<std::string> read(std::string_view body, std::string_view boundary = "b", MultipartLimits limits = {}) {
    return read(std::vector{body}, boundary, limits);
}

std::string part(const std::string& disposition, const std::string& data = "x") {
    return "--b\r\nContent-Disposition: " + disposition + "\r\n\r\n" + data + "\r\n";
}
std::string told_of(const std::string& disposition) {
    const auto told = read(part(disposition) + "--b--\r\n");
    return told ? *told : std::string{told.error().kind().code};
}

TEST(MultipartTest, GivesPartsAndTheirData) {
    const std::string body =
        "--b\r\nContent-Disposition: form-data; name=\"expires_at\"\r\n\r\nnever\r\n"
        "--b\r\nContent-Type: image/png\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.png\"\r\nX-Other: "
        "y\r\n\r\n\x89PNG\r\n\x1A\n\r\n"
        "--b--\r\n";
    EXPECT_EQ(read(body).value(), "expires_at|-|text/plain|never;file|a b.png|image/png|\x89PNG\r\n\x1A\n;.");
}

TEST(MultipartTest, PartsAndFormsMayBeEmpty) {
    EXPECT_EQ(read("--b--").value(), ".");
    EXPECT_EQ(read(part("form-data; name=a", "") + "--b--").value(), "a|-|text/plain|;.");
}

TEST(MultipartTest, CrLfBeforeTheFirstBoundaryAndTextAfterTheLastAreSkipped) {
    EXPECT_EQ(read("\r\n" + part("form-data; name=a") + "--b--\r\nepilogue\r\n--b\r\n").value(), "a|-|text/plain|x;.");
}

TEST(MultipartTest, TextBeforeTheFirstBoundaryIsRefused) {
    for (const std::string_view start : {"preamble\r\n", "\r\n\r\n", "\n", "-", " "})
        EXPECT_EQ(testing::refusal(read(std::string{start} + part("form-data; name=a") + "--b--")), errors::bad_multipart.code) << start;
}

TEST(MultipartTest, MissingEndIsAnError) {
    const std::string body = part("form-data; name=a") + "--b--";
    for (std::size_t size = 0; size < body.size(); ++size)
        EXPECT_EQ(testing::refusal(read(std::string_view{body}.substr(0, size))), errors::bad_multipart.code) << size;
    EXPECT_OK(read(body));
}

TEST(MultipartTest, OnlyCrLfEndsALine) {
    for (const std::string_view body :
         {"--b\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--", "--b\r\nContent-Disposition: form-data; name=a\n\r\nx\r\n--b--",
          "--b\r\nContent-Disposition: form-data; name=a\r\n\nx\r\n--b--", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\n--b--",
          "--b\n--b--", "--b \r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--", "--b-\r\n", "--bc\r\n", "--b\r"})
        EXPECT_EQ(testing::refusal(read(body)), errors::bad_multipart.code) << body;
}

TEST(MultipartTest, HeaderOfAPartFollowsTheRulesOfFields) {
    for (const std::string_view line : {"X : y", " folded: y", ": y", "X", "X: \x01", "X\x80: y", "X: a\rb"})
        EXPECT_EQ(testing::refusal(read("--b\r\nContent-Disposition: form-data; name=a\r\n" + std::string{line} + "\r\n\r\nx\r\n--b--")),
                  errors::bad_multipart.code)
            << line;
    EXPECT_EQ(testing::refusal(read("--b\r\n\r\nx\r\n--b--")), errors::bad_multipart.code) << "no Content-Disposition";
    EXPECT_ERROR(read(part("form-data; name=a\r\nContent-Disposition: form-data; name=b") + "--b--"), errors::bad_multipart);
    EXPECT_ERROR(read(part("form-data; name=a\r\nContent-Type: a/b\r\nContent-Type: c/d") + "--b--"), errors::bad_multipart);
    EXPECT_ERROR(read(part("form-data; name=a\r\nContent-Transfer-Encoding: base64") + "--b--"), errors::bad_multipart);
    EXPECT_OK(read(part("form-data; name=a\r\nContent-Transfer-Encoding: Binary") + "--b--"));
    EXPECT_OK(read(part("form-data; name=a\r\nContent-Transfer-Encoding: 8bit") + "--b--"));
}

TEST(MultipartTest, NamesAreDecodedAsBrowsersAndCurlSendThem) {
    EXPECT_EQ(told_of("form-data; name=a"), "a|-|text/plain|x;.");
    EXPECT_EQ(told_of("Form-Data; NAME=\"a\"; FileName=\"\""), "a||text/plain|x;.") << "a file field that was left empty";
    EXPECT_EQ(told_of("form-data; filename=\"q%22uo\\\"te\\\\.txt\"; name=\"n\""), "n|q\"uo\"te\\.txt|text/plain|x;.");
    EXPECT_EQ(told_of("form-data; name=\"a%0D%0ab\""), "a\r\nb|-|text/plain|x;.");
    EXPECT_EQ(told_of("form-data; name=\"%2541%41%\""), "%2541%41%|-|text/plain|x;.") << "no other percent sign means anything";
    EXPECT_EQ(told_of("form-data; name=\"f\"; filename=\"C:\\dir\\x.txt\""), "f|C:\\dir\\x.txt|text/plain|x;.");
    EXPECT_EQ(told_of("form-data; name=\"f\"; filename=\"r\u00E9sum\u00E9.pdf\""), "f|r\u00E9sum\u00E9.pdf|text/plain|x;.");
    EXPECT_EQ(told_of("form-data; name=\"f\"; filename=\"a; name=b\""), "f|a; name=b|text/plain|x;.");
}

TEST(MultipartTest, ExtendedFileNameIsLeftOut) {
    EXPECT_EQ(told_of("form-data; name=f; filename=\"a\"; filename*=UTF-8''b"), "f|a|text/plain|x;.");
    EXPECT_EQ(told_of("form-data; name=f; filename*=UTF-8''b"), "f|-|text/plain|x;.");
}

TEST(MultipartTest, IllFormedDispositionIsRefused) {
    for (const std::string disposition :
         {"", "form-data", "form-data; filename=a", "attachment; name=a", "form-data; name", "form-data; name=", "form-data; name=\"a",
          "form-data; name=a b", "form-data; name=a; name=b", "form-data; name=a; filename=b; filename=c", "form-data; name=\"a\"x",
          "form-data name=a", "form-data, name=a", "form-data; name=\"\xFF\"", "form-data; name=\"a\\\""})
        EXPECT_EQ(told_of(disposition), errors::bad_multipart.code) << disposition;
}

TEST(MultipartTest, RepeatedNameIsReported) {
    EXPECT_EQ(read(part("form-data; name=a") + part("form-data; name=b") + part("form-data; name=\"a\"") + "--b--").value(),
              "a|-|text/plain|x;b|-|text/plain|x;a|-|text/plain|again|x;.");
}

TEST(MultipartTest, MultipartInsideIsData) {
    const std::string inner = "--i\r\nContent-Disposition: form-data; name=z\r\n\r\ny\r\n--i--";
    EXPECT_EQ(read(part("form-data; name=a\r\nContent-Type: multipart/mixed; boundary=i", inner) + "--b--").value(),
              "a|-|multipart/mixed; boundary=i|" + inner + ";.");
}

TEST(MultipartTest, PartsAreLimited) {
    const auto form = [](int parts) {
        std::string body;
        for (int i = 0; i < parts; ++i) body += part("form-data; name=" + std::to_string(i));
        return body + "--b--";
    };
    EXPECT_OK(read(form(20)));
    EXPECT_ERROR(read(form(21)), errors::too_many_parts);
    EXPECT_ERROR(read(form(1001)), errors::too_many_parts);
    EXPECT_OK(read(form(1001), "b", {.parts = 1001}));
}

TEST(MultipartTest, HeaderOfAPartIsLimited) {
    const auto form = [](std::size_t bytes) {
        const std::string start = "Content-Disposition: form-data; name=a\r\nX: ";
        return "--b\r\n" + start + std::string(bytes - start.size() - 4, 'x') + "\r\n\r\nx\r\n--b--";
    };
    EXPECT_OK(read(form(8192)));
    EXPECT_ERROR(read(form(8193)), errors::part_header_too_large);
    EXPECT_EQ(testing::refusal(read("--b\r\n" + std::string(9 * 1024, 'x'))), errors::part_header_too_large.code) << "without waiting for the end";
}

TEST(MultipartTest, BoundaryIsTakenFromTheContentType) {
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=----WebKitFormBoundary7MA4").value(), "----WebKitFormBoundary7MA4");
    EXPECT_EQ(multipart_boundary("Multipart/Form-Data ; charset=utf-8; Boundary=\"a:b=c?\"").value(), "a:b=c?");
    EXPECT_OK(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'x')));
    for (const std::string type :
         {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
          "multipart/form-data; boundary=a; boundary=a", "multipart/form-data; boundary=\"a b\"", "multipart/form-data; boundary=a%b",
          "multipart/form-data; boundary=\"a\\\"b\"", "multipart/form-data; boundary=\"a", "multipart/form-data boundary=a"})
        EXPECT_FALSE(multipart_boundary(type)) << type;
    EXPECT_ERROR(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')), errors::bad_multipart);
    for (const std::string_view type : {"", "application/json", "multipart/mixed; boundary=a", "multipart/form-datax; boundary=a"})
        EXPECT_EQ(testing::refusal(multipart_boundary(type)), errors::not_multipart.code) << type;
}

TEST(MultipartTest, SinkStopsTheReading) {
    struct Refusing : Listener {
        Result<void> part_data(std::string_view) { return fail(errors::not_multipart); }
    } refusing;
    Multipart multipart{"b"};
    EXPECT_ERROR(multipart.feed(part("form-data; name=a") + "--b--", refusing), errors::not_multipart);
}

TEST(MultipartTest, EventsDoNotDependOnHowTheBytesArrive) {
    static constexpr std::string_view parts[] = {"\r\n--b",  "\r\n--",
                                                 "\r\n",     "\r",
                                                 "--b",      "--b\r\n",
                                                 "-",        "b",
                                                 "x",        "\n",
                                                 "--",       "Content-Disposition: form-data; name=a\r\n",
                                                 "\r\n\r\n", "--b\r\nContent-Disposition: form-data; name=\"%22\"\r\n\r\n",
                                                 "\r\n--b--"};
    std::minstd_rand engine{1};
    int taken = 0;
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        std::string body = engine() % 8 == 0 ? "" : "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n";
        for (auto count = engine() % 12; count > 0; --count) body += parts[engine() % std::size(parts)];
        const auto at_once = read(body), in_pieces = read(testing::pieces(body, seed, seed % 4 + 1));
        ASSERT_EQ(at_once.has_value(), in_pieces.has_value()) << body;
        if (!at_once) continue;
        ++taken;
        ASSERT_EQ(*at_once, *in_pieces) << body;
    }
    EXPECT_GT(taken, 1000);
}

TEST(MultipartTest, DataComesInLargePieces) {
    std::string data;
    for (int i = 0; i < 1000; ++i) data += "a line\r\n--not the boundary\r\n--";
    const auto body = part("form-data; name=a", data) + "--b--";
    Multipart multipart{"b"};
    int pieces = 0;
    for (std::string_view input = body;;) {
        const auto step = multipart.next(input);
        ASSERT_OK(step);
        if (step->event == Multipart::Event::data) ++pieces;
        if (step->event == Multipart::Event::finished) break;
    }
    EXPECT_EQ(pieces, 1);
}

}  // namespace
}  // namespace parley::http
