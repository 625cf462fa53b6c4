// SPDX-License-Identifier: Apache-2.0
#include "faults/world.hpp"

#include "core/sha256.hpp"
#include "faults/events.hpp"
#include "storage/sqlite/connection.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <stdexcept>

namespace parley::faults {
namespace {

using testing::ApiClient;
using testing::Json;

constexpr std::string_view uploader = "uploader";

Json require(const testing::Answer& answer) {
    if (answer.status / 100 != 2) throw std::runtime_error(fmt::format("a step failed: {} {}", answer.status, answer.body));
    return answer.json();
}

std::int64_t make_group(World& world, const std::string& address, const std::string& name, std::vector<std::string> members) {
    boost::json::array ids;
    for (const auto& member : members) {
        if (member != members.front()) ids.emplace_back(world.of(member).id);
    }
    auto owner = world.of(members.front()).at(address);
    const auto id = require(owner.post("/groups", {{"name", name}, {"member_ids", ids}}))["id"].integer();
    world.members[id] = std::move(members);
    return id;
}

void read_log(ApiClient& api, std::int64_t id, Conversation& conversation) {
    for (std::int64_t after = 0;;) {
        const auto page = require(api.get(fmt::format("/conversations/{}/events?after_seq={}&limit=1000", id, after)));
        for (const auto& event : page["items"].items()) conversation.log.push_back(entry_of(event));
        if (page["items"].size() == 0) return;
        after = conversation.log.back().seq;
    }
}

Message message_of(const Json& json) {
    Message message{.sender = json["sender_id"].integer(), .key = json["client_id"].string()};
    if (!json["text"].is_null()) message.text = json["text"].string();
    for (const auto& file : json["files"].items()) message.files.push_back(file["id"].integer());
    for (const auto& reaction : json["reactions"].items()) {
        for (const auto& user : reaction["user_ids"].items()) message.reactions[reaction["emoji"].string()].push_back(user.integer());
    }
    return message;
}

void read_messages(ApiClient& api, std::int64_t id, Conversation& conversation) {
    for (std::int64_t after = 0;;) {
        const auto page = require(api.get(fmt::format("/conversations/{}/messages?after_seq={}&limit=200", id, after)));
        for (const auto& item : page["items"].items()) {
            after = item["seq"].integer();
            conversation.messages.emplace(after, message_of(item));
        }
        if (!(page["has_more_after"] == true)) return;
    }
}

/// Everybody's own view of their membership.
void read_members(const World& world, const std::string& address, std::int64_t id, Conversation& conversation) {
    for (const auto& [name, account] : world.people) {
        auto api = account.at(address);
        const auto answer = api.get(fmt::format("/conversations/{}", id));
        if (answer.status == 404) continue;
        const auto my = require(answer)["my"];
        if (my.is_null()) continue;
        conversation.members[account.id] = {my["role"].string(), my["last_read_seq"].integer(), my["unread_count"].integer()};
    }
}

void read_files(ApiClient& api, History& history) {
    std::string cursor;
    do {
        const auto page = require(api.get("/files?limit=200" + (cursor.empty() ? cursor : "&cursor=" + cursor)));
        for (const auto& item : page["items"].items()) {
            const auto id = item["id"].integer();
            const auto content = api.get(fmt::format("/files/{}/content", id));
            history.files[id] = {item["name"].string(), item["size"].integer(), item["sha256"].string(),
                                 content.status == 200 ? sha256_hex(content.body) : fmt::format("status {}", content.status)};
        }
        cursor = page["next_cursor"].is_null() ? std::string{} : page["next_cursor"].string();
    } while (!cursor.empty());
}

struct BlobRow {
    std::string blob;
    std::int64_t ready;
};

}  // namespace

std::vector<std::int64_t> World::conversations_of(const std::string& name) const {
    std::vector<std::int64_t> all;
    for (const auto& [id, names] : members) {
        if (std::ranges::find(names, name) != names.end()) all.push_back(id);
    }
    return all;
}

World World::signed_in_again(const std::string& address) const {
    auto again = *this;
    for (auto& [name, account] : again.people) {
        auto client = account.at(address);
        client.username = name;
        require(client.sign_in());
        account.token = client.token;
    }
    return again;
}

World make_world(const std::string& address) {
    World world;
    for (const auto* name : {"owner", "http1", "http2", "socket1", "socket2", "reader", "follower", "uploader", "guest", "visitor", "outsider"}) {
        const auto client = ApiClient::sign_up(address, name);
        world.people[name] = {name, client.id, client.token};
    }
    world.hot = make_group(world, address, "hot", {"owner", "http1", "http2", "socket1", "socket2", "reader", "follower", "uploader"});
    world.calm = make_group(world, address, "calm", {"owner", "http1", "http2", "socket1", "reader", "follower", "uploader"});
    world.gate = make_group(world, address, "gate", {"owner", "http1", "socket2", "reader"});
    for (const auto* name : {"room 1", "room 2", "room 3"}) make_group(world, address, name, {"owner", "http1", "socket1", "reader", "follower"});
    auto one = world.of("http1").at(address);
    world.direct = require(one.post("/conversations/direct", {{"user_id", world.of("socket1").id}}))["id"].integer();
    world.members[world.direct] = {"http1", "socket1"};
    return world;
}

void read_final_state(const World& world, const std::string& address, History& history) {
    for (const auto& [id, names] : world.members) {
        auto api = world.of(names.front()).at(address);
        auto& conversation = history.conversations[id];
        conversation.last_seq = require(api.get(fmt::format("/conversations/{}", id)))["last_seq"].integer();
        read_log(api, id, conversation);
        read_messages(api, id, conversation);
        read_members(world, address, id, conversation);
    }
    auto api = world.of(std::string{uploader}).at(address);
    read_files(api, history);
}

std::vector<std::string> blobs_in(const std::filesystem::path& data_folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{data_folder / "blobs"}) {
        // The lock of backups stands beside the folders.
        if (entry.is_regular_file() && entry.path().filename() != "hold") names.push_back(entry.path().filename());
    }
    return names;
}

Disk read_disk(const std::filesystem::path& data_folder) {
    Disk disk{.blobs = blobs_in(data_folder)};
    storage::sqlite::SqliteConnection database{data_folder / "parley.db", storage::sqlite::SqliteConnection::Role::reader};
    for (auto& row : database.rows<BlobRow>("SELECT blob, state = 'ready' FROM files WHERE blob IS NOT NULL ORDER BY id"))
        disk.rows.emplace_back(std::move(row.blob), row.ready == 1);
    for (auto& line : database.rows<std::string>("PRAGMA integrity_check")) {
        if (line != "ok") disk.complaints.push_back(std::move(line));
    }
    return disk;
}

}  // namespace parley::faults
