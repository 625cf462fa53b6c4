// SPDX-License-Identifier: Apache-2.0
#include "chat/event_docs.hpp"

#include "chat/view.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <set>
#include <string>

namespace parley::chat {
namespace {

/// The members that the schema of an event's data describes.
std::set<std::string> described(EventKind kind) {
    json::SchemaSet schemas;
    for (const auto& event : event_docs()) {
        if (event.kind != kind) continue;
        const auto reference = boost::json::parse(event.data(schemas)).at("$ref").as_string();
        const auto name = std::string{reference}.substr(std::string_view{"#/components/schemas/"}.size());
        std::set<std::string> names;
        const auto schema = boost::json::parse(schemas.components().at(name));
        for (const auto& property : schema.at("properties").as_object()) names.emplace(property.key());
        return names;
    }
    return {};
}

std::set<std::string> members(const json::Raw& data) {
    std::set<std::string> names;
    const auto object = boost::json::parse(data.text);
    for (const auto& member : object.as_object()) names.emplace(member.key());
    return names;
}

TEST(EventDocsTest, EveryKindIsDescribedOnce) {
    std::set<std::string_view> names;
    for (const auto& event : event_docs()) {
        EXPECT_TRUE(names.insert(event_name(event.kind)).second) << event_name(event.kind);
        EXPECT_FALSE(event.sentence.empty()) << event_name(event.kind);
    }
    for (auto kind = static_cast<int>(EventKind::message_created); kind <= static_cast<int>(EventKind::file_deleted); ++kind) {
        EXPECT_TRUE(names.contains(event_name(static_cast<EventKind>(kind)))) << kind;
    }
}

TEST(EventDocsTest, DataHasTheDescribedMembers) {
    EXPECT_EQ(members(message_data(Message{})), described(EventKind::message_created));
    EXPECT_EQ(members(message_seq_data(1)), described(EventKind::message_deleted));
    EXPECT_EQ(members(reaction_data(1, "x", UserId{1})), described(EventKind::reaction_added));
    EXPECT_EQ(members(member_data(UserId{1}, groups::Role::guest)), described(EventKind::member_joined));
    EXPECT_EQ(members(file_data(1, FileId{1})), described(EventKind::file_expired));
}

}  // namespace
}  // namespace parley::chat
