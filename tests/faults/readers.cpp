// SPDX-License-Identifier: Apache-2.0
#include "faults/readers.hpp"

#include "faults/author.hpp"
#include "faults/events.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace parley::faults {
namespace {

using testing::Json;

/// How long one waits before one asks again when nothing was new.
constexpr std::chrono::milliseconds breath{15};

testing::Answer require(testing::Answer answer) {
    if (answer.status / 100 != 2) throw std::runtime_error(fmt::format("{} {}", answer.status, answer.body));
    return answer;
}

}  // namespace

Stream read_events(testing::ApiClient& api, const std::string& reader, std::int64_t conversation, std::int64_t after, int limit, History& history) {
    Span span{.begun = moment_ns()};
    const auto answer = require(api.get(fmt::format("/conversations/{}/events?after_seq={}&limit={}", conversation, after, limit)));
    span.ended = moment_ns();
    const auto page = answer.json();
    history.heads.push_back({reader, conversation, page["last_seq"].integer(), span});
    history.pages.push_back({reader, conversation, after, limit, std::ssize(page["items"].items()), page["last_seq"].integer()});
    Stream stream{reader, conversation, after, {}};
    for (const auto& event : page["items"].items()) stream.events.push_back({event["seq"].integer(), identity_of(event), {}});
    return stream;
}

ResumingReader::ResumingReader(std::string name, const Account& account, const std::vector<std::int64_t>& conversations, std::uint64_t seed,
                               Stage& stage)
    : Client(std::move(name), stage),
      account_(account),
      chance_(seed) {
    for (const auto conversation : conversations) positions_[conversation] = 0;
}

testing::SocketClient ResumingReader::open(const std::string& address) {
    address_ = address;
    resumes_open_ = 0;
    stream_.clear();
    asked_.clear();
    if (!epoch_.empty() && chance_() % 2 == 0) return open_at_once(address);
    auto socket = testing::SocketClient::with_token(address, account_.token);
    epoch_ = socket.wait_for_type("hello")["epoch"].string();
    history_.epochs.push_back(epoch_);
    std::vector<std::int64_t> all;
    for (const auto& [conversation, position] : positions_) all.push_back(conversation);
    resume(socket, all);
    return socket;
}

testing::SocketClient ResumingReader::open_at_once(const std::string& address) {
    testing::SocketClient socket{address};
    std::vector<std::int64_t> all;
    for (const auto& [conversation, position] : positions_) all.push_back(conversation);
    socket.send({{"type", "auth"}, {"access_token", account_.token}, {"resume", begin_resume(all)}});
    history_.epochs.push_back(socket.wait_for_type("hello")["epoch"].string());
    return socket;
}

boost::json::object ResumingReader::begin_resume(const std::vector<std::int64_t>& conversations) {
    boost::json::object positions;
    for (const auto conversation : conversations) {
        asked_[conversation] = {positions_[conversation]};
        positions[std::to_string(conversation)] = positions_[conversation];
    }
    ++resumes_open_;
    ++resumes_;
    return {{"epoch", epoch_}, {"positions", std::move(positions)}};
}

void ResumingReader::resume(testing::SocketClient& socket, const std::vector<std::int64_t>& conversations) {
    auto frame = begin_resume(conversations);
    frame["type"] = "resume";
    frame["id"] = ++last_id_;
    socket.send(frame);
}

bool ResumingReader::read_one(testing::SocketClient& socket, std::chrono::milliseconds limit) {
    const auto text = next_text(socket, limit);
    if (!text) return false;
    const auto frame = Json::parse(*text);
    if (frame["type"] == "event") note_event(frame);
    if (frame["type"] == "error") throw std::runtime_error("a resume was refused: " + *text);
    if (frame["type"] != "ok") return true;
    end_resume(frame["data"]);
    for (const auto& truncated : frame["data"]["truncated"].items()) catch_up(socket, truncated);
    return true;
}

void ResumingReader::begin_stream(std::int64_t conversation, std::optional<std::int64_t> after) {
    stream_[conversation] = history_.streams.size();
    history_.streams.push_back({name(), conversation, after, {}});
}

/// Where no event came, what comes now goes on where it was asked from, or behind the head that was named.
void ResumingReader::end_resume(const Json& data) {
    --resumes_open_;
    for (const auto& truncated : data["truncated"].items()) {
        begin_stream(truncated["id"].integer(), truncated["last_seq"].integer());
        asked_.erase(truncated["id"].integer());
    }
    for (const auto& [conversation, asked] : asked_) {
        if (!asked.begun) begin_stream(conversation, asked.position);
    }
    asked_.clear();
}

void ResumingReader::note_event(const Json& event) {
    const auto conversation = event["conversation_id"].integer(), seq = event["seq"].integer();
    if (!positions_.contains(conversation)) return;
    const auto asked = asked_.find(conversation);
    // One that came live before the server had read the resume comes again with its answer.
    if (asked != asked_.end() && seq == asked->second.position + 1) {
        asked->second.begun = true;
        begin_stream(conversation, asked->second.position);
    }
    if (!stream_.contains(conversation)) begin_stream(conversation, std::nullopt);
    history_.streams[stream_.at(conversation)].events.push_back({seq, identity_of(event), {}});
    if (asked == asked_.end() || asked->second.begun) positions_[conversation] = seq;
}

/// What comes live meanwhile goes on behind the head that was named; the resume that ends this brings it again.
void ResumingReader::catch_up(testing::SocketClient& socket, const Json& truncated) {
    const auto conversation = truncated["id"].integer();
    auto api = account_.at(address_);
    while (positions_[conversation] < truncated["last_seq"].integer()) {
        auto page = read_events(api, name(), conversation, positions_[conversation], 1000, history_);
        if (page.events.empty()) throw std::runtime_error("a log ends before the head that was named");
        positions_[conversation] = page.events.back().seq;
        history_.streams.push_back(std::move(page));
    }
    resume(socket, {conversation});
}

void ResumingReader::live(const Stage::Life& life) {
    while (stage().alive(life.number)) {
        auto socket = open(life.address);
        const auto frames = chance_() % 400;
        for (std::size_t i = 0; i < frames && stage().alive(life.number); ++i) read_one(socket, breath);
    }
}

void ResumingReader::settle(const std::string& address) {
    auto api = account_.at(address);
    std::map<std::int64_t, std::int64_t> heads;
    for (const auto& [conversation, position] : positions_)
        heads[conversation] = require(api.get(fmt::format("/conversations/{}", conversation)))["last_seq"].integer();
    auto socket = open(address);
    const auto behind = [&] {
        for (const auto& [conversation, head] : heads) {
            if (positions_[conversation] < head) return true;
        }
        return resumes_open_ > 0;
    };
    while (behind()) {
        if (!read_one(socket, testing::patience)) return complain(name() + " never reached the head");
    }
}

Pager::Pager(std::string name, const Account& account, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage)
    : Client(std::move(name), stage),
      account_(account),
      conversations_(std::move(conversations)),
      chance_(seed) {}

void Pager::live(const Stage::Life& life) {
    auto api = account_.at(life.address);
    while (stage().alive(life.number)) {
        const auto conversation = conversations_[chance_() % conversations_.size()];
        auto page = read_events(api, name(), conversation, positions_[conversation], 1 + static_cast<int>(chance_() % 200), history_);
        if (page.events.empty()) {
            stage().rest(life.number, breath);
            continue;
        }
        positions_[conversation] = page.events.back().seq;
        history_.streams.push_back(std::move(page));
    }
}

void Pager::settle(const std::string& address) {
    auto api = account_.at(address);
    for (const auto conversation : conversations_) {
        for (;;) {
            auto page = read_events(api, name(), conversation, positions_[conversation], 1000, history_);
            if (page.events.empty()) break;
            positions_[conversation] = page.events.back().seq;
            history_.streams.push_back(std::move(page));
        }
    }
}

SyncFollower::SyncFollower(std::string name, const Account& account, std::uint64_t seed, Stage& stage)
    : Client(std::move(name), stage),
      account_(account),
      chance_(seed) {}

bool SyncFollower::sync(testing::ApiClient& api) {
    Span span{.begun = moment_ns()};
    const auto answer = require(api.get(cursor_.empty() ? std::string{"/sync"} : "/sync?cursor=" + cursor_)).json();
    span.ended = moment_ns();
    history_.epochs.push_back(answer["epoch"].string());
    cursor_ = answer["cursor"].string();
    const auto changed = answer["conversations"].items();
    for (const auto& item : changed) {
        const auto conversation = item["id"].integer();
        heads_[conversation] = item["last_seq"].integer();
        history_.marks.push_back({account_.id, conversation, item["last_read_seq"].integer(), span});
    }
    // What was not named has not changed: its head is the one that was heard of last.
    for (const auto& [conversation, head] : heads_) history_.heads.push_back({name(), conversation, head, span});
    return !changed.empty();
}

void SyncFollower::mark_read(testing::ApiClient& api) {
    for (const auto& [conversation, head] : heads_) {
        // Now and then a mark that lies back: it must not move.
        const auto seq = chance_() % 4 == 0 ? head / 2 : head;
        Span span{.begun = moment_ns()};
        const auto answer = require(api.put(fmt::format("/conversations/{}/read", conversation), {{"seq", seq}}));
        span.ended = moment_ns();
        history_.marks.push_back({account_.id, conversation, answer["last_read_seq"].integer(), span});
    }
}

void SyncFollower::live(const Stage::Life& life) {
    auto api = account_.at(life.address);
    while (stage().alive(life.number)) {
        if (!sync(api)) stage().rest(life.number, breath);
        if (chance_() % 5 == 0) mark_read(api);
    }
}

void SyncFollower::settle(const std::string& address) {
    auto api = account_.at(address);
    sync(api);  // knows of everything that was acknowledged before
}

}  // namespace parley::faults
