// SPDX-License-Identifier: Apache-2.0
#include "chat/event_docs.hpp"
#include "realtime/asyncapi/document.hpp"
#include "realtime/frames.hpp"
#include "realtime/session.hpp"

#include "support/references.hpp"

#include <gtest/gtest.h>

namespace parley::realtime::asyncapi {
namespace {

std::string text() {
    return document({.title = "Socket", .version = "1.0.0", .license = "Apache-2.0", .license_url = "https://example.org/license"});
}

class AsyncApiTest : public ::testing::Test {
protected:
    boost::json::value at(const std::string& pointer) const {
        boost::system::error_code missing;
        const auto* found = described.find_pointer(pointer, missing);
        return found == nullptr ? boost::json::value{} : *found;
    }
    /// The names of a schema's properties, behind the object's own `type`.
    std::set<std::string> properties(const std::string& message) const {
        std::set<std::string> names;
        for (const auto& property : at("/components/messages/" + message + "/payload/properties").as_object()) names.emplace(property.key());
        return names;
    }

    const boost::json::value described = boost::json::parse(text());
};

TEST_F(AsyncApiTest, EveryReferenceLeadsSomewhere) {
    EXPECT_EQ(testing::dangling_references(described), std::set<std::string>{});
    EXPECT_GT(testing::references(described).size(), 20U);
}

TEST_F(AsyncApiTest, EveryMessageHasANameASentenceAndAPayload) {
    for (const auto& member : at("/components/messages").as_object()) {
        const auto& message = member.value().as_object();
        EXPECT_EQ(message.at("name").as_string(), member.key());
        EXPECT_FALSE(message.at("summary").as_string().empty()) << member.key();
        EXPECT_TRUE(message.at("payload").is_object()) << member.key();
        EXPECT_FALSE(at("/channels/realtime/messages/" + std::string{member.key()}).is_null()) << member.key();
    }
}

TEST_F(AsyncApiTest, EveryFrameTheServerTakesIsAnOperationWithAnAnswer) {
    std::set<std::string> described_types;
    for (const auto& member : at("/operations").as_object()) {
        if (member.value().at("action") == "receive") described_types.emplace(member.key().substr(std::string_view{"receive."}.size()));
    }
    const auto types = Session::frame_types();
    EXPECT_EQ(described_types, (std::set<std::string>{types.begin(), types.end()}));
    for (const auto type : types) {
        const std::size_t fewest = type == "typing" ? 1 : 2;  // answered only if it fails
        EXPECT_GE(at("/operations/receive." + std::string{type} + "/reply/messages").as_array().size(), fewest) << type;
    }
}

TEST_F(AsyncApiTest, FrameOfAClientIsClosedAndNamesItsType) {
    const auto payload = at("/components/messages/message.send/payload");
    EXPECT_EQ(payload.at("additionalProperties"), false);
    EXPECT_EQ(payload.at("properties").at("type").at("const"), "message.send");
    EXPECT_EQ(payload.at("required"), boost::json::parse(R"(["type","conversation_id"])"));
    EXPECT_EQ(properties("message.send"), (std::set<std::string>{"type", "id", "conversation_id", "text", "client_id", "reply_to_seq", "file_ids"}));
}

TEST_F(AsyncApiTest, EveryDurableEventIsDescribed) {
    for (const auto& event : chat::event_docs()) {
        const std::string name{chat::event_name(event.kind)};
        EXPECT_EQ(at("/components/messages/event." + name + "/payload/allOf/0/properties/event/const"), boost::json::value(name));
    }
}

TEST_F(AsyncApiTest, FramesAsTheyAreSentHaveTheDescribedMembers) {
    const auto names = [](const std::string& frame) {
        std::set<std::string> keys;
        for (const auto& member : boost::json::parse(frame).as_object()) keys.emplace(member.key());
        return keys;
    };
    EXPECT_EQ(names(pong_frame({})), properties("pong"));
    EXPECT_EQ(names(ok_frame({}, "{}")), properties("ok"));
    EXPECT_EQ(names(error_frame({}, json::errors::wrong_type)), properties("error"));
    EXPECT_EQ(names(read_signal(ConversationId{1}, UserId{2}, 3)), properties("signal.read"));
    EXPECT_EQ(names(typing_signal(ConversationId{1}, UserId{2})), properties("signal.typing"));
    EXPECT_EQ(names(presence_signal({.user_id = UserId{1}})), properties("signal.presence"));
}

TEST_F(AsyncApiTest, SameFramesGiveTheSameBytes) { EXPECT_EQ(text(), text()); }

}  // namespace
}  // namespace parley::realtime::asyncapi
