// SPDX-License-Identifier: Apache-2.0
#include "app/description.hpp"

#include "app/errors.hpp"

#include "support/references.hpp"

#include <gtest/gtest.h>
#include <algorithm>

namespace parley::app {
namespace {

std::set<std::string> all_codes() {
    std::set<std::string> codes;
    for (const auto* kind : all_errors()) codes.emplace(kind->code);
    return codes;
}

/// The document of a server with default settings; made once, since a whole server is built for it.
class DescriptionTest : public ::testing::Test {
protected:
    static const boost::json::value& document() {
        static const boost::json::value parsed = boost::json::parse(describe_http(config::Config{}).value());
        return parsed;
    }
    static const boost::json::object& paths() { return document().at("paths").as_object(); }
    /// Calls `visit(path and verb, operation)` for each operation.
    template <class Visit>
    static void for_each_operation(const Visit& visit) {
        for (const auto& path : paths()) {
            for (const auto& operation : path.value().as_object())
                visit(std::string{operation.key()} + ' ' + std::string{path.key()}, operation.value().as_object());
        }
    }
};

TEST_F(DescriptionTest, EveryReferenceLeadsSomewhere) { EXPECT_EQ(testing::dangling_references(document()), std::set<std::string>{}); }

TEST_F(DescriptionTest, EveryDocumentedCodeIsOneOfTheServers) {
    const auto known = all_codes();
    int enumerations = 0;
    testing::for_each_object(document(), [&](const boost::json::object& object) {
        const auto* code = object.if_contains("code");
        if (code == nullptr || !code->is_object() || !code->as_object().contains("enum")) return;
        ++enumerations;
        for (const auto& value : code->at("enum").as_array()) EXPECT_TRUE(known.contains(std::string{value.as_string()})) << value;
    });
    EXPECT_GT(enumerations, 50);
    EXPECT_EQ(document().at("components").at("schemas").at("ErrorCode").at("enum").as_array().size(), known.size());
}

TEST_F(DescriptionTest, EveryOperationHasATagThatIsDescribedAnAnswerAndSecurity) {
    std::set<std::string> tags;
    for (const auto& tag : document().at("tags").as_array()) tags.emplace(tag.at("name").as_string());
    for_each_operation([&](const std::string& what, const boost::json::object& operation) {
        EXPECT_TRUE(tags.contains(std::string{operation.at("tags").at(0).as_string()})) << what;
        EXPECT_FALSE(operation.at("summary").as_string().empty()) << what;
        EXPECT_TRUE(operation.contains("security")) << what;
        const auto& responses = operation.at("responses").as_object();
        EXPECT_TRUE(std::ranges::any_of(responses, [](const auto& response) { return response.key() < "400"; })) << what;
    });
}

TEST_F(DescriptionTest, OperationIdsAreUnique) {
    std::set<std::string> seen;
    for_each_operation([&](const std::string& what, const boost::json::object& operation) {
        EXPECT_TRUE(seen.emplace(operation.at("operationId").as_string()).second) << what;
    });
    EXPECT_GT(seen.size(), 30U);
}

TEST_F(DescriptionTest, WhatTheContractNamesIsThere) {
    for (const auto* path : {"/api/v1/users", "/api/v1/users/me", "/api/v1/auth/token", "/api/v1/conversations/{conversation}/messages",
                             "/api/v1/groups/{group}/members/{user}", "/api/v1/files/{file}/content", "/api/v1/sync", "/api/v1/realtime"})
        EXPECT_TRUE(paths().contains(path)) << path;
    EXPECT_FALSE(paths().contains("/control/users"));
    EXPECT_FALSE(paths().contains("/metrics"));
    EXPECT_FALSE(paths().contains("/openapi.json"));
}

TEST_F(DescriptionTest, DescribingTwiceGivesTheSameBytes) {
    EXPECT_EQ(describe_http(config::Config{}).value(), describe_http(config::Config{}).value());
    EXPECT_EQ(describe_socket(), describe_socket());
}

}  // namespace
}  // namespace parley::app
