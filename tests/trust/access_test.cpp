// SPDX-License-Identifier: Apache-2.0
#include "trust/server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <vector>

/// trust.md section 4: every route and every frame, as everybody (access.txt).
namespace parley::trust {
namespace {

constexpr std::array actors{"stranger", "former", "guest", "member", "author", "admin", "owner"};

struct Row {
    std::string method, route, kind;
    std::vector<std::string> expected;  // by actor
    std::string body;

    bool changes_nothing() const { return method == "GET"; }
};

std::vector<Row> table() {
    std::ifstream file{PARLEY_SOURCE_FOLDER "/tests/trust/access.txt"};
    std::vector<Row> rows;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words{line};
        Row row;
        if (!(words >> row.method >> row.route >> row.kind) || row.method.starts_with('#')) continue;
        for (std::string word; row.expected.size() < actors.size() && words >> word;) row.expected.push_back(word);
        std::getline(words >> std::ws, row.body);
        rows.push_back(std::move(row));
    }
    return rows;
}

/// A private group with one in each role, a message of the author's with a file, and the session of the owner.
class World {
public:
    World() {
        for (const auto* name : actors) people_.emplace(name, ApiClient::sign_up(server().address(), fresh(name)));
        session_ = people_.at("owner").get("/auth/sessions")["items"][0]["id"].integer();
    }
    ApiClient& as(const std::string& name) { return people_.at(name); }

    /// Everything anew, but the people.
    void reset() {
        auto& owner = as("owner");
        boost::json::array ids;
        for (const auto* name : {"former", "guest", "member", "author", "admin"}) ids.emplace_back(as(name).id);
        group_ = owner.post("/groups", {{"name", fresh("group ")}, {"member_ids", ids}})["id"].integer();
        for (const auto* role : {"guest", "admin"}) owner.put(fmt::format("/groups/{}/members/{}", group_, as(role).id), {{"role", role}});
        owner.remove(fmt::format("/groups/{}/members/{}", group_, as("former").id));
        file_ = as("author").send_form("/files", {{.name = "file", .content = "content", .filename = "x"}})["id"].integer();
        const auto sent =
            as("author").post(fmt::format("/conversations/{}/messages", group_), {{"text", "theirs"}, {"file_ids", boost::json::array{file_}}});
        seq_ = sent["seq"].integer();
    }
    std::int64_t group() const { return group_; }
    std::int64_t seq() const { return seq_; }

    /// The address with the ids of this world, or with those of nothing.
    std::string target(const std::string& route, bool of_nothing = false) {
        const std::int64_t nothing = 987'654'321;
        auto text = route;
        const std::map<std::string, std::string> ids{{"{conversation}", std::to_string(of_nothing ? nothing : group_)},
                                                     {"{group}", std::to_string(of_nothing ? nothing : group_)},
                                                     {"{file}", std::to_string(of_nothing ? nothing : file_)},
                                                     {"{session}", std::to_string(of_nothing ? nothing : session_)},
                                                     {"{seq}", std::to_string(seq_)},
                                                     {"{user}", std::to_string(people_.at("member").id)},
                                                     {"{emoji}", "x"}};
        for (const auto& [word, id] : ids) {
            if (const auto at = text.find(word); at != std::string::npos) text.replace(at, word.size(), id);
        }
        return text.starts_with("/api/v1") ? text : text + "/";
    }
    /// Signs in again whoever a row has signed out.
    void repair(const std::string& actor) {
        auto& client = as(actor);
        if (client.get("/users/me").status == 401) client.sign_in();
        if (actor == "owner") session_ = as("owner").get("/auth/sessions")["items"][0]["id"].integer();
    }

private:
    std::map<std::string, ApiClient> people_;
    std::int64_t group_ = 0, seq_ = 0, file_ = 0, session_ = 0;
};

Answer ask(const Row& row, const std::string& target, const std::string& token) {
    Fields fields;
    if (!token.empty()) fields.emplace_back("Authorization", "Bearer " + token);
    if (!row.body.empty()) fields.emplace_back("Content-Type", "application/json");
    return testing::HttpClient{server().address()}.request(row.method, target, fields, row.body);
}

/// An answer without what differs from one to the next.
std::string comparable(const Answer& answer) {
    auto text = answer.body;
    const auto id = answer.field("x-request-id");
    for (auto at = text.find(id); !id.empty() && at != std::string::npos; at = text.find(id)) text.erase(at, id.size());
    return fmt::format("{} {}", answer.status, text);
}

class AccessTable : public ::testing::Test {
protected:
    static void SetUpTestSuite() { world = std::make_unique<World>(); }
    static void TearDownTestSuite() { world.reset(); }

    static inline std::unique_ptr<World> world;
    const std::vector<Row> rows = table();
};

TEST_F(AccessTable, HasEveryRouteAndNoOther) {
    std::ifstream file{PARLEY_SOURCE_FOLDER "/docs/reference/openapi.json"};
    const auto document = boost::json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
    std::set<std::string> routes, listed;
    for (const auto& [path, verbs] : document.at("paths").as_object()) {
        for (const auto& [verb, operation] : verbs.as_object()) {
            std::string method{verb};
            std::ranges::transform(method, method.begin(), [](unsigned char c) { return std::toupper(c); });
            if (operation.is_object() && operation.as_object().contains("responses")) routes.insert(method + " " + std::string{path});
        }
    }
    for (const auto& row : rows) {
        if (row.method != "FRAME") listed.insert(row.method + " " + row.route);
    }
    EXPECT_EQ(listed, routes);
}

TEST_F(AccessTable, WithoutAGoodTokenIsRefused) {
    world->reset();
    auto ended = ApiClient::sign_up(server().address(), fresh("ended"));
    const auto ended_token = ended.token, refresh = world->as("owner").refresh_token;
    ended.post("/auth/logout");
    std::size_t cells = 0;
    for (const auto& row : rows) {
        if (row.method == "FRAME" || row.kind == "socket") continue;
        for (const auto& token : {std::string{}, std::string{"garbage"}, refresh, ended_token}) {
            const auto status = ask(row, world->target(row.route), token).status;
            if (row.kind != "open") EXPECT_EQ(status, 401) << row.method << ' ' << row.route << " with \"" << token.substr(0, 8) << '"';
            else if (token.empty()) EXPECT_EQ(std::to_string(status), row.expected[0]) << row.method << ' ' << row.route;
            ++cells;
        }
    }
    EXPECT_GT(cells, 200U);
}

TEST_F(AccessTable, EverybodyMayDoWhatItSaysAndNothingElse) {
    std::size_t cells = 0;
    for (const auto& row : rows) {
        if (row.method == "FRAME" || row.kind == "socket" || row.kind == "stream") continue;
        world->reset();
        for (std::size_t i = 0; i < actors.size(); ++i) {
            if (!row.changes_nothing()) world->reset();
            const std::string actor = actors.at(i);
            const auto answer = ask(row, world->target(row.route), world->as(actor).token);
            EXPECT_EQ(std::to_string(answer.status), row.expected.at(i)) << row.method << ' ' << row.route << " as " << actor << ": " << answer.body;
            if (answer.status == 404) {
                const auto nothing = ask(row, world->target(row.route, true), world->as(actor).token);
                EXPECT_EQ(comparable(answer), comparable(nothing)) << row.method << ' ' << row.route << " as " << actor << " tells that it is there";
            }
            world->repair(actor);
            ++cells;
        }
    }
    std::cout << "cells: " << cells << '\n';
}

TEST_F(AccessTable, FramesAreJudgedAsRequests) {
    for (const auto& row : rows) {
        if (row.method != "FRAME") continue;
        for (std::size_t i = 0; i < actors.size(); ++i) {
            world->reset();
            auto socket = SocketClient::with_token(server().address(), world->as(actors.at(i)).token);
            socket.wait_for_type("hello");
            auto frame = boost::json::parse(row.body).as_object();
            frame["id"] = 1;
            frame["type"] = row.route;
            frame["conversation_id"] = world->group();
            if (frame.contains("seq") && row.route != "read") frame["seq"] = world->seq();
            const auto answer = socket.ask(frame);
            const auto told = answer["type"] == "ok" ? std::string{"ok"} : answer["error"]["code"].string();
            EXPECT_EQ(told, row.expected.at(i)) << row.route << " as " << actors.at(i) << ": " << answer;
            if (told != "not_found") continue;
            frame["conversation_id"] = 987'654'321;
            EXPECT_EQ(socket.ask(frame)["error"]["message"], answer["error"]["message"]) << row.route << " tells that it is there";
        }
    }
}

/// trust.md P23: what somebody may no longer do, they cannot two seconds later, on anything that is still open.
TEST_F(AccessTable, RemovalAndSigningOutReachOpenSockets) {
    world->reset();
    auto& member = world->as("member");
    auto listening = SocketClient::with_token(server().address(), member.token);
    listening.wait_for_type("hello");
    world->as("owner").remove(fmt::format("/groups/{}/members/{}", world->group(), member.id));
    listening.wait_for_event("member.left");
    world->as("owner").post(fmt::format("/conversations/{}/messages", world->group()), {{"text", "without them"}});
    EXPECT_EQ(member.get(fmt::format("/conversations/{}/messages", world->group())).status, 404);
    EXPECT_EQ(listening.ask({{"id", 1}, {"type", "message.send"}, {"conversation_id", world->group()}, {"text", "x"}})["error"]["code"], "not_found");
    const auto begun = testing::moment();
    member.post("/auth/logout");
    EXPECT_EQ(listening.wait_for_close().code, 4001);
    EXPECT_LT(testing::moment() - begun, std::chrono::seconds{2});
    world->repair("member");
}

}  // namespace
}  // namespace parley::trust
