// SPDX-License-Identifier: Apache-2.0
#include "pages/documentation.hpp"

#include "core/blocking.hpp"
#include "core/errors.hpp"
#include "http/gate.hpp"
#include "http/router.hpp"
#include "net/shard.hpp"

#include "support/fakes.hpp"

#include <gtest/gtest.h>
#include <zlib.h>
#include <algorithm>
#include <regex>

namespace parley::pages {
namespace {

std::string unpacked(std::string_view packed) {
    std::string out(8 * 1024 * 1024, '\0');
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

/// The pages behind a router, without a server.
class DocumentationTest : public ::testing::Test {
protected:
    DocumentationTest() { router.add(documentation.routes()); }

    Result<http::Reply> get(const std::string& target, const std::string& fields = {}) {
        const auto bytes = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
        http::Gate gate;
        TRY(auto* head, gate.feed(bytes));
        http::Call call{*head, shards[0], {}};
        CHECK(call.decode_path());
        auto match = router.find(http::Verb::get, call.decoded_path().segments());
        if (match.route == nullptr) return fail(errors::not_found);
        call.route = match.route;
        call.set_parameters(std::move(match.parameters));
        return run_blocking(match.route->handler(call));
    }
    std::string body(const std::string& target) {
        const auto reply = get(target);
        EXPECT_TRUE(reply) << target;
        return reply ? std::string{reply->static_body} : "";
    }
    static std::string header(const http::Reply& reply, std::string_view name) {
        const auto found = std::ranges::find(reply.headers, name, &std::pair<std::string_view, std::string>::first);
        return found == reply.headers.end() ? "" : found->second;
    }

    testing::ManualClock clock;
    net::Shards shards{1, clock};
    Documentation documentation{R"({"openapi":"3.1.0"})", R"({"asyncapi":"3.0.0"})"};
    http::Router router;
};

TEST_F(DocumentationTest, DocumentsAreServedAsJson) {
    const auto openapi = get("/openapi.json"), asyncapi = get("/asyncapi.json");
    EXPECT_EQ(openapi->static_body, R"({"openapi":"3.1.0"})");
    EXPECT_EQ(openapi->content_type, "application/json");
    EXPECT_EQ(asyncapi->static_body, R"({"asyncapi":"3.0.0"})");
}

TEST_F(DocumentationTest, CompressedDocumentIsTheDocument) { EXPECT_EQ(unpacked(documentation.openapi().gzipped), R"({"openapi":"3.1.0"})"); }

TEST_F(DocumentationTest, AddressWithoutSlashLeadsToTheFolder) {
    for (const std::string page : {"/swagger", "/redoc"}) {
        const auto reply = get(page);
        EXPECT_EQ(reply->status, 301);
        EXPECT_EQ(header(*reply, "Location"), page + '/');
    }
    EXPECT_EQ(header(*get("/swagger?format=openapi"), "Location"), "/swagger/?format=openapi");
}

TEST_F(DocumentationTest, SwaggerAnswersTheDocumentToWhomAsksForIt) {
    EXPECT_EQ(body("/swagger/?format=openapi"), R"({"openapi":"3.1.0"})");
    EXPECT_TRUE(get("/swagger/?format=other")->content_type.starts_with("text/html"));
}

TEST_F(DocumentationTest, PagesHaveOnlyFilesOfThisServerAndNothingInline) {
    for (const std::string page : {"/swagger/", "/redoc/"}) {
        const auto html = body(page);
        EXPECT_EQ(html.find("{{"), std::string::npos) << html;
        EXPECT_EQ(html.find("://"), std::string::npos) << html;
        EXPECT_FALSE(std::regex_search(html, std::regex{"<script>|<style|style=|onload="})) << html;
        const std::regex source{"(?:src|href)=\"([^\"./][^\"]*)\""};
        int files = 0;
        for (std::sregex_iterator at{html.begin(), html.end(), source}, end; at != end; ++at, ++files) {
            const auto reply = get(page + (*at)[1].str());
            ASSERT_TRUE(reply) << (*at)[1];
            EXPECT_EQ(reply->policy, http::ContentPolicy::asset) << (*at)[1];
            EXPECT_FALSE(reply->static_body.empty()) << (*at)[1];
        }
        EXPECT_EQ(files, 4) << page;
    }
}

TEST_F(DocumentationTest, BundlesAskNoOtherHost) {
    for (const std::string page : {"/swagger/", "/redoc/"}) {
        const auto html = body(page);
        std::smatch script;
        ASSERT_TRUE(std::regex_search(html, script, std::regex{"(?:swagger-ui-bundle|redoc\\.standalone)\\.[0-9a-f]+\\.js"})) << html;
        const auto bundle = body(page + script.str());
        EXPECT_GT(bundle.size(), 1'000'000U);
        EXPECT_EQ(bundle.find("cdn.redoc.ly"), std::string::npos);
        const auto packed = get(page + script.str(), "Accept-Encoding: gzip\r\n");
        EXPECT_EQ(unpacked(packed->static_body), bundle);
    }
}

TEST_F(DocumentationTest, LicencesOfTheBundlesAreServed) {
    for (const std::string file :
         {"swagger-ui-dist.LICENSE.txt", "redoc.LICENSE.txt", "swagger-ui-bundle.js.LICENSE.txt", "redoc.standalone.js.LICENSE.txt"}) {
        const auto reply = get("/swagger/" + file);
        ASSERT_TRUE(reply) << file;
        EXPECT_EQ(reply->policy, http::ContentPolicy::documentation) << file;
    }
}

TEST_F(DocumentationTest, UnknownFileIsNotFound) {
    EXPECT_TRUE(get("/swagger/swagger-ui.css").error().is(errors::not_found));
    EXPECT_TRUE(get("/redoc/redoc.html").error().is(errors::not_found));
}

}  // namespace
}  // namespace parley::pages
