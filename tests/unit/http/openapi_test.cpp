// SPDX-License-Identifier: Apache-2.0
#include "core/errors.hpp"
#include "core/json/errors.hpp"
#include "http/errors.hpp"
#include "http/openapi/document.hpp"
#include "http/openapi/names.hpp"

#include "support/references.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace parley::http::openapi {
namespace {

constexpr ErrorKind full{"boat.full", ErrorClass::conflict, "The boat is full."};
constexpr ErrorKind expired{"ticket.expired", ErrorClass::unauthenticated, "The ticket has expired."};

struct BoatDraft {
    std::string name;
    std::optional<std::int64_t> seats;

    static constexpr std::string_view schema_name = "BoatDraft";
    static constexpr auto fields = std::tuple{json::Field{"name", &BoatDraft::name, "What it is called.", json::Limits{.max_bytes = 20}},
                                              json::Field{"seats", &BoatDraft::seats, "How many it takes."}};
};

struct Boat {
    std::int64_t id = 0;
    std::string name;

    static constexpr std::string_view schema_name = "Boat";
    static constexpr auto fields = std::tuple{json::Field{"id", &Boat::id, "The boat."}, json::Field{"name", &Boat::name, "What it is called."}};
};

Task<Result<Reply>> answer(Call&) { co_return no_content(); }

Route route(Verb verb, std::string path, Access access = signed_in) { return {verb, std::move(path), access, answer, "Something"}; }

/// The document of these routes, read.
class OpenApiTest : public ::testing::Test {
protected:
    std::string text() const {
        std::vector<const ErrorKind*> all{&full, &expired, &parley::errors::not_found};
        all.insert(all.end(), errors::all.begin(), errors::all.end());
        all.insert(all.end(), json::errors::all.begin(), json::errors::all.end());
        return document({.router = router,
                         .title = "Boats",
                         .version = "1.0.0",
                         .description = "Of boats.",
                         .license = "Apache-2.0",
                         .license_url = "https://www.apache.org/licenses/LICENSE-2.0",
                         .tags = {{"Boats", "All about boats."}, {"Planes", "Not there."}},
                         .all_errors = all,
                         .signed_in_errors = {&errors::not_signed_in, &expired},
                         .change_errors = {}});
    }
    boost::json::value read() const { return boost::json::parse(text()); }
    void add(Route route) {
        Routes routes;
        routes.push_back(std::move(route));
        router.add(std::move(routes));
    }
    static boost::json::value at(const boost::json::value& document, const std::string& pointer) {
        boost::system::error_code missing;
        const auto* found = document.find_pointer(pointer, missing);
        return found == nullptr ? boost::json::value{} : *found;
    }

    Router router;
};

TEST_F(OpenApiTest, OperationHasItsNameTagSummaryAndSecurity) {
    add(route(Verb::get, "/api/v1/boats/{boat}").gives<Boat>().tagged("Boats"));
    const auto operation = at(read(), "/paths/~1api~1v1~1boats~1{boat}/get");
    EXPECT_EQ(at(operation, "/operationId"), "get_boat");
    EXPECT_EQ(at(operation, "/tags"), boost::json::parse(R"(["Boats"])"));
    EXPECT_EQ(at(operation, "/summary"), "Something");
    EXPECT_EQ(at(operation, "/security"), boost::json::parse(R"([{"bearer":[]}])"));
}

TEST_F(OpenApiTest, OpenRouteNeedsNoSecurityAndIsNotRefusedForTheLackOfIt) {
    add(route(Verb::get, "/api/v1/boats", open_to_all).gives<Boat>());
    const auto operation = at(read(), "/paths/~1api~1v1~1boats/get");
    EXPECT_EQ(at(operation, "/security"), boost::json::array{});
    EXPECT_TRUE(at(operation, "/responses/401").is_null());
}

TEST_F(OpenApiTest, TokenThatMayBeLeftOutIsAnAlternative) {
    add(route(Verb::get, "/api/v1/boats", open_to_all).gives<Boat>().may_be_signed_in());
    const auto operation = at(read(), "/paths/~1api~1v1~1boats/get");
    EXPECT_EQ(at(operation, "/security"), boost::json::parse(R"([{"bearer":[]},{}])"));
    EXPECT_FALSE(at(operation, "/responses/401").is_null());
}

TEST_F(OpenApiTest, ParametersOfPathQueryAndHeadersAreDescribed) {
    add(route(Verb::get, "/api/v1/boats/{boat}/flags/{colour}")
            .with_path({{"colour", "A colour.", R"({"type":"string"})"}})
            .with_query({{"limit", "How many."}})
            .with_headers({{"If-Match", "The version.", R"({"type":"string"})", true}})
            .gives<Boat>());
    const auto parameters = at(read(), "/paths/~1api~1v1~1boats~1{boat}~1flags~1{colour}/get/parameters");
    EXPECT_EQ(parameters, boost::json::parse(R"([
        {"name":"boat","in":"path","required":true,"description":"The boat's id.","schema":{"type":"integer","minimum":1,"maximum":9007199254740991}},
        {"name":"colour","in":"path","required":true,"description":"A colour.","schema":{"type":"string"}},
        {"name":"limit","in":"query","description":"How many.","schema":{"type":"string"}},
        {"name":"If-Match","in":"header","required":true,"description":"The version.","schema":{"type":"string"}}])"));
}

TEST_F(OpenApiTest, BodiesAreSchemasOfTheirTypes) {
    add(route(Verb::post, "/api/v1/boats").takes<BoatDraft>().gives<Boat>(201, "Made."));
    const auto document = read();
    const auto operation = at(document, "/paths/~1api~1v1~1boats/post");
    EXPECT_EQ(at(operation, "/requestBody/content/application~1json/schema/$ref"), "#/components/schemas/BoatDraft");
    EXPECT_EQ(at(operation, "/responses/201/content/application~1json/schema/$ref"), "#/components/schemas/Boat");
    EXPECT_EQ(at(operation, "/responses/201/description"), "Made.");
    EXPECT_EQ(at(document, "/components/schemas/BoatDraft/required"), boost::json::parse(R"(["name"])"));
    EXPECT_EQ(at(document, "/components/schemas/BoatDraft/additionalProperties"), false);
    EXPECT_EQ(at(document, "/components/schemas/BoatDraft/properties/name/maxLength"), 20);
}

TEST_F(OpenApiTest, FormsAndBytesKeepTheirMediaTypes) {
    add(route(Verb::post, "/api/v1/boats")
            .takes_form("multipart/form-data", R"({"type":"object"})")
            .streams()
            .gives_bytes(200, "image/png", "A picture.")
            .gives_bytes(206, "image/png", "A part of it.")
            .answers_with({{206, "Content-Range", "Which part."}}));
    const auto operation = at(read(), "/paths/~1api~1v1~1boats/post");
    EXPECT_EQ(at(operation, "/requestBody/content/multipart~1form-data/schema/type"), "object");
    EXPECT_EQ(at(operation, "/responses/200/content/image~1png/schema/format"), "binary");
    EXPECT_EQ(at(operation, "/responses/206/headers/Content-Range/description"), "Which part.");
    EXPECT_TRUE(at(operation, "/responses/200/headers/Content-Range").is_null());
    EXPECT_TRUE(at(operation, "/responses/413").is_null());  // its size is the handler's to judge
}

TEST_F(OpenApiTest, FailuresAreProblemsWithTheirCodes) {
    add(route(Verb::post, "/api/v1/boats").takes<BoatDraft>().gives<Boat>(201).fails({&full}));
    const auto responses = at(read(), "/paths/~1api~1v1~1boats/post/responses");
    const auto& schema = at(responses, "/409/content/application~1problem+json/schema");
    EXPECT_EQ(at(schema, "/allOf/0/$ref"), "#/components/schemas/Problem");
    EXPECT_EQ(at(schema, "/allOf/1/properties/code/enum"), boost::json::parse(R"(["boat.full"])"));
    EXPECT_EQ(at(responses, "/409/description"), "- `boat.full`: The boat is full.");
    EXPECT_FALSE(at(responses, "/400").is_null());
    EXPECT_EQ(at(responses, "/415/$ref"), "#/components/responses/UnsupportedMediaType");
}

TEST_F(OpenApiTest, SharedAnswersStandOnceAndAFailureOfTheRoutesOwnIsNotShared) {
    add(route(Verb::get, "/api/v1/boats").gives<Boat>());
    add(route(Verb::get, "/api/v1/planes").gives<Boat>().fails({&errors::not_signed_in, &full}));
    constexpr ErrorKind own{"plane.grounded", ErrorClass::unauthenticated, "Not today."};
    add(route(Verb::get, "/api/v1/trains").gives<Boat>().fails({&own}));
    const auto document = read();
    EXPECT_EQ(at(document, "/paths/~1api~1v1~1boats/get/responses/401/$ref"), "#/components/responses/Unauthorized");
    EXPECT_EQ(at(document, "/components/responses/Unauthorized/content/application~1problem+json/schema/allOf/1/properties/code/enum"),
              boost::json::parse(R"(["auth.required","ticket.expired"])"));
    EXPECT_EQ(at(document, "/paths/~1api~1v1~1trains/get/responses/401/content/application~1problem+json/schema/allOf/1/properties/code/enum"),
              boost::json::parse(R"(["plane.grounded","auth.required","ticket.expired"])"));
}

TEST_F(OpenApiTest, LimitedRouteShowsItsRateWithEveryAnswer) {
    add(route(Verb::post, "/api/v1/boats").gives<Boat>(201).limited(RateClass::send));
    const auto responses = at(read(), "/paths/~1api~1v1~1boats/post/responses");
    for (const auto* pointer : {"/201/headers/RateLimit", "/201/headers/RateLimit-Policy", "/429/headers/RateLimit", "/429/headers/Retry-After"})
        EXPECT_FALSE(at(responses, pointer).is_null()) << pointer;
}

TEST_F(OpenApiTest, EveryReferenceLeadsSomewhereAndNoComponentIsLeftOver) {
    add(route(Verb::post, "/api/v1/boats").takes<BoatDraft>().gives<Boat>(201).limited(RateClass::send));
    add(route(Verb::get, "/api/v1/boats/{boat}", open_to_all).gives<Boat>());
    const auto document = read();
    EXPECT_EQ(testing::dangling_references(document), std::set<std::string>{});
    const auto used = testing::references(document);
    for (const auto* kind : {"responses", "headers", "schemas"}) {
        const auto components = at(document, std::string{"/components/"} + kind);
        for (const auto& component : components.as_object()) {
            EXPECT_TRUE(used.contains("#/components/" + std::string{kind} + '/' + std::string{component.key()})) << component.key();
        }
    }
}

TEST_F(OpenApiTest, WhatIsNotForClientsIsLeftOut) {
    add(route(Verb::get, "/swagger").undocumented());
    add(route(Verb::get, "/metrics", open_to_all).on(Listening::internal_only));
    add(route(Verb::post, "/control/users", control));
    EXPECT_TRUE(at(read(), "/paths").as_object().empty());
}

TEST_F(OpenApiTest, RoutesWithErrorsOfTheirOwnShapePromiseNoProblems) {
    router.set_error_reply("/api/token", [](const Call&, const Error&) { return Reply{}; });
    add(route(Verb::post, "/api/token/", open_to_all).takes<BoatDraft>().gives<Boat>().fails({&full}));
    const auto responses = at(read(), "/paths/~1api~1token~1/post/responses");
    EXPECT_EQ(responses.as_object().size(), 2U);
    EXPECT_FALSE(at(responses, "/4XX/content/application~1json").is_null());
}

TEST_F(OpenApiTest, OnlyUsedTagsAreDescribedInTheGivenOrder) {
    add(route(Verb::get, "/api/v1/trains").gives<Boat>().tagged("Trains"));
    add(route(Verb::get, "/api/v1/boats").gives<Boat>().tagged("Boats"));
    EXPECT_EQ(at(read(), "/tags"),
              boost::json::parse(R"([{"name":"Boats","description":"All about boats."},{"name":"Trains","description":"Trains"}])"));
}

TEST_F(OpenApiTest, SameRoutesGiveTheSameBytes) {
    add(route(Verb::post, "/api/v1/boats").takes<BoatDraft>().gives<Boat>(201).limited(RateClass::send));
    EXPECT_EQ(text(), text());
}

TEST_F(OpenApiTest, TwoOperationsOfOneNameAreADefect) {
    add(route(Verb::get, "/api/v1/boats/{boat}").gives<Boat>());
    add(route(Verb::get, "/api/v1/boat").gives<Boat>());
    EXPECT_THROW(text(), std::logic_error);
}

TEST(OperationIdTest, IsMadeOfVerbAndPath) {
    EXPECT_EQ(operation_id(route(Verb::get, "/api/v1/boats")), "get_boats");
    EXPECT_EQ(operation_id(route(Verb::get, "/api/v1/boats/{boat}")), "get_boat");
    EXPECT_EQ(operation_id(route(Verb::delete_, "/api/v1/boats/{boat}/flags/{flag}/pin")), "delete_boat_flag_pin");
    EXPECT_EQ(operation_id(route(Verb::post, "/api/token/refresh/")), "post_api_token_refresh");
    EXPECT_EQ(operation_id(route(Verb::get, "/s/{token}/content")), "get_s_content");
}

}  // namespace
}  // namespace parley::http::openapi
