// SPDX-License-Identifier: Apache-2.0
#include "faults/writers.hpp"

#include "faults/events.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace parley::faults {
namespace {

using testing::Answer;
using testing::Json;

constexpr int most_at_once = 8;

boost::json::array json_of(const std::vector<std::int64_t>& numbers) { return boost::json::array(numbers.begin(), numbers.end()); }

boost::json::object frame_of(std::int64_t id, const Action& action) {
    boost::json::object frame{{"id", id}, {"conversation_id", action.conversation}};
    if (action.kind != Action::Kind::send) frame["seq"] = action.seq;
    switch (action.kind) {
        case Action::Kind::send:
            frame["type"] = "message.send";
            frame["client_id"] = action.key;
            frame["text"] = action.text;
            break;
        case Action::Kind::edit:
            frame["type"] = "message.edit";
            frame["text"] = action.text;
            break;
        case Action::Kind::remove: frame["type"] = "message.delete"; break;
        case Action::Kind::react:
        case Action::Kind::unreact:
            frame["type"] = action.kind == Action::Kind::react ? "reaction.add" : "reaction.remove";
            frame["emoji"] = action.text;
            break;
        case Action::Kind::read: frame["type"] = "read"; break;
    }
    return frame;
}

Said meaning_of(const Json& answer, const Action& action) {
    if (answer["type"] == "error") {
        const bool open = answer["error"]["temporary"] == true;
        return {.outcome = open ? Outcome::unknown : Outcome::refused, .complaint = answer.text()};
    }
    if (action.kind == Action::Kind::read) return {Outcome::ok, answer["data"]["last_read_seq"].integer()};
    return {Outcome::ok, action.kind == Action::Kind::send ? answer["data"]["seq"].integer() : 0};
}

std::string percent_encoded(std::string_view text) {
    std::string result;
    for (const char byte : text) result += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    return result;
}

Answer request(testing::ApiClient& api, const Action& action) {
    const auto conversation = fmt::format("/conversations/{}", action.conversation);
    const auto message = fmt::format("{}/messages/{}", conversation, action.seq);
    switch (action.kind) {
        case Action::Kind::send:
            return api.post(conversation + "/messages", {{"text", action.text}, {"client_id", action.key}, {"file_ids", json_of(action.files)}});
        case Action::Kind::edit: return api.patch(message, {{"text", action.text}});
        case Action::Kind::remove: return api.remove(message);
        case Action::Kind::react: return api.put(message + "/reactions/" + percent_encoded(action.text));
        case Action::Kind::unreact: return api.remove(message + "/reactions/" + percent_encoded(action.text));
        case Action::Kind::read: return api.put(conversation + "/read", {{"seq", action.seq}});
    }
    throw std::logic_error("no such action");
}

}  // namespace

Outcome outcome_of(const Answer& answer) {
    if (answer.status / 100 == 2) return Outcome::ok;
    return answer.status / 100 == 5 ? Outcome::unknown : Outcome::refused;
}

Said perform(testing::ApiClient& api, const Action& action) {
    const auto answer = request(api, action);
    Said said{.outcome = outcome_of(answer)};
    if (said.outcome == Outcome::refused) said.complaint = fmt::format("{} {}", answer.status, answer.body);
    if (said.outcome != Outcome::ok) return said;
    if (action.kind == Action::Kind::send) said.seq = answer["seq"].integer();
    if (action.kind == Action::Kind::read) said.seq = answer["last_read_seq"].integer();
    return said;
}

HttpWriter::HttpWriter(const Account& account, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage,
                       std::chrono::milliseconds between_actions)
    : Client(account.username, stage),
      account_(account),
      between_actions_(between_actions),
      author_(account.username, account.id, std::move(conversations), seed, stage) {}

void HttpWriter::act(testing::ApiClient& api, const Action& action) {
    try {
        author_.note(action, perform(api, action));
    } catch (...) {
        author_.note(action, {});
        throw;
    }
}

void HttpWriter::live(const Stage::Life& life) {
    auto api = account_.at(life.address);
    author_.come_back();
    while (stage().may_write(life.number)) {
        act(api, author_.next());
        if (between_actions_.count() > 0) stage().rest(life.number, between_actions_);
    }
}

void HttpWriter::settle(const std::string& address) {
    auto api = account_.at(address);
    author_.come_back();
    while (author_.has_unacknowledged()) act(api, author_.next());
}

SocketWriter::SocketWriter(const Account& account, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage)
    : Client(account.username, stage),
      account_(account),
      author_(account.username, account.id, std::move(conversations), seed, stage) {}

void SocketWriter::live(const Stage::Life& life) {
    author_.come_back();
    stream_.clear();
    auto socket = testing::SocketClient::with_token(life.address, account_.token);
    author_.history().epochs.push_back(socket.wait_for_type("hello")["epoch"].string());
    while (stage().may_write(life.number)) act(socket, 1 + author_.pick(most_at_once));
}

void SocketWriter::act(testing::SocketClient& socket, int actions) {
    try {
        for (int i = 0; i < actions; ++i) {
            const auto id = ++last_id_;
            const auto& action = open_[id] = author_.next();
            socket.send(frame_of(id, action));
        }
        while (!open_.empty()) read_one(socket);
    } catch (...) {
        for (const auto& [id, action] : open_) author_.note(action, {});
        open_.clear();
        throw;
    }
}

void SocketWriter::read_one(testing::SocketClient& socket) {
    const auto text = next_text(socket, testing::patience);
    if (!text) throw std::runtime_error("no answer came");
    const auto frame = Json::parse(*text);
    if (frame["type"] == "event") return note_event(frame, *text);
    if (!frame.has("id") || frame["id"].is_null()) return;
    const auto open = open_.find(frame["id"].integer());
    if (open == open_.end()) throw std::runtime_error("an answer to nothing: " + *text);
    author_.note(open->second, meaning_of(frame, open->second));
    open_.erase(open);
}

void SocketWriter::note_event(const Json& event, const std::string& bytes) {
    auto& streams = author_.history().streams;
    const auto conversation = event["conversation_id"].integer();
    const auto [place, is_first] = stream_.try_emplace(conversation, streams.size());
    if (is_first) streams.push_back({name(), conversation, std::nullopt, {}});
    streams[place->second].events.push_back({event["seq"].integer(), identity_of(event), bytes});
}

void SocketWriter::settle(const std::string& address) {
    author_.come_back();
    stream_.clear();
    auto socket = testing::SocketClient::with_token(address, account_.token);
    while (author_.has_unacknowledged()) act(socket, 1);
}

}  // namespace parley::faults
