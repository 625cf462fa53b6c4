// SPDX-License-Identifier: Apache-2.0
#include "faults/audience.hpp"

#include "faults/author.hpp"
#include "faults/events.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace parley::faults {
namespace {

using testing::Json;

/// All are to be at the head so long after all is well.
constexpr std::chrono::seconds longest_catching_up{5};
constexpr int poll_ms = 10;
constexpr std::int64_t beyond = 1'000'000;

}  // namespace

Observer::Observer(std::string name, const std::vector<std::int64_t>& conversations) : name_(std::move(name)) {
    for (const auto conversation : conversations) positions_[conversation] = 0;
}

boost::json::object Observer::begin_resume(std::mt19937_64& chance) {
    const auto way = chance() % 20;
    asked_ = Resume{.reader = name_, .epoch = way == 0 ? "another" : epoch_, .server_epoch = epoch_, .positions = positions_};
    for (auto& [conversation, position] : asked_->positions) {
        if (way == 1) position += beyond;
        if (way == 2) position = 0;
        if (way > 2 && way < 9 && position > 0) position -= static_cast<std::int64_t>(chance() % static_cast<std::uint64_t>(position));
    }
    meanwhile_.clear();
    boost::json::object positions;
    for (const auto& [conversation, position] : asked_->positions) positions[std::to_string(conversation)] = position;
    return {{"epoch", asked_->epoch}, {"positions", std::move(positions)}};
}

void Observer::open(const std::string& address, const std::string& token, std::mt19937_64& chance) {
    asked_.reset();
    greeting_.reset();
    stream_.clear();
    frames_left_ = 200 + chance() % 3000;
    const bool at_once = !epoch_.empty() && chance() % 2 == 0;
    testing::Fields fields;
    if (!at_once) fields.emplace_back("Authorization", "Bearer " + token);
    line_.emplace(address, fields);
    if (epoch_.empty()) return;
    auto frame = begin_resume(chance);
    if (at_once) {
        greeting_ = {{"type", "auth"}, {"access_token", token}, {"resume", std::move(frame)}};
    } else {
        frame["type"] = "resume";
        frame["id"] = 1;
        greeting_ = std::move(frame);
    }
}

void Observer::greet() {
    if (!greeting_ || !line_->upgraded()) return;
    line_->send_text(boost::json::serialize(*std::exchange(greeting_, std::nullopt)));
    if (asked_) asked_->span.begun = moment_ns();
}

bool Observer::take(const Known& frame, const std::string& text, History& history) {
    if (frame.conversation > 0) {
        take_event(frame, history);
        return asked_ || frames_left_-- > 0;
    }
    const auto json = Json::parse(text);
    if (json["type"] == "hello") {
        epoch_ = json["epoch"].string();
        history.epochs.push_back(epoch_);
        if (asked_) asked_->server_epoch = epoch_;
    }
    if (!asked_ || (json["type"] != "ok" && json["type"] != "error")) return true;
    if (json["type"] == "error" && json["error"]["code"] != "realtime.resync_required") throw std::runtime_error("a resume was refused: " + text);
    end_resume(json, history);
    return json["type"] == "ok";
}

void Observer::begin_stream(std::int64_t conversation, std::optional<std::int64_t> after, History& history) {
    stream_[conversation] = history.streams.size();
    history.streams.push_back({name_, conversation, after, {}});
}

void Observer::take_event(const Known& frame, History& history) {
    if (!positions_.contains(frame.conversation)) return;
    if (asked_) meanwhile_[frame.conversation].push_back({frame.seq, frame.identity, {}});
    else add({frame.seq, frame.identity, frame.bytes}, frame.conversation, history);
}

void Observer::add(const Event& event, std::int64_t conversation, History& history) {
    if (!stream_.contains(conversation)) begin_stream(conversation, std::nullopt, history);
    history.streams[stream_.at(conversation)].events.push_back(event);
    positions_[conversation] = event.seq;
}

/// Of what came between the question and the answer, the last that follows the position begins the conversation anew; before it came what was live
/// when the server had not read the resume yet, and came again if it was asked for.
void Observer::start_anew(std::int64_t conversation, std::int64_t position, History& history) {
    const auto events = std::exchange(meanwhile_[conversation], {});
    const auto last = std::ranges::find(events.rbegin(), events.rend(), position + 1, &Event::seq);
    const auto begin = last != events.rend() ? std::prev(last.base())
                                             : std::ranges::find_if(events, [position](const Event& event) { return event.seq > position; });
    for (auto it = events.begin(); it != begin; ++it) add(*it, conversation, history);
    begin_stream(conversation, position, history);
    positions_[conversation] = position;
    for (auto it = begin; it != events.end(); ++it) add(*it, conversation, history);
}

void Observer::end_resume(const Json& answer, History& history) {
    auto resume = *std::exchange(asked_, std::nullopt);
    resume.span.ended = moment_ns();
    if (answer["type"] == "error") {
        resume.answer = Resume::Answer::resync_required;
        for (const auto& [conversation, events] : std::exchange(meanwhile_, {})) {
            for (const auto& event : events) add(event, conversation, history);
        }
        history.resumes.push_back(std::move(resume));
        return;
    }
    for (const auto& item : answer["data"]["conversations"].items()) resume.heads[item["id"].integer()] = item["last_seq"].integer();
    for (const auto& item : answer["data"]["truncated"].items()) {
        resume.truncated.insert(item["id"].integer());
        start_anew(item["id"].integer(), item["last_seq"].integer(), history);
    }
    for (const auto& [conversation, position] : resume.positions) {
        if (resume.truncated.contains(conversation)) continue;
        start_anew(conversation, position, history);
        if (positions_[conversation] > position) resume.reached[conversation] = positions_[conversation];
    }
    history.resumes.push_back(std::move(resume));
}

Audience::Audience(std::string name, const Account& account, const std::vector<std::int64_t>& conversations, int sockets, std::uint64_t seed,
                   Stage& stage)
    : Client(name, stage),
      account_(account),
      chance_(seed) {
    for (int i = 0; i < sockets; ++i) observers_.emplace_back(fmt::format("{} {}", name, i), conversations);
}

const Observer::Known& Audience::known(const std::string& text) {
    const auto [place, is_new] = frames_.try_emplace(text);
    if (!is_new) return place->second;
    const auto json = Json::parse(text);
    if (json["type"] == "event") place->second = {json["conversation_id"].integer(), json["seq"].integer(), identity_of(json), text};
    return place->second;
}

void Audience::serve(Observer& observer, std::uint64_t life) {
    const bool goes_on = observer.line().exchange();
    bool stays = true;
    observer.greet();
    while (stays) {
        const auto text = observer.line().next_text();
        if (!text) break;
        stays = observer.take(known(*text), *text, history_);
    }
    if (goes_on && stays && observer.line().farewell().empty()) return;
    if (stays && life > 0 && !stage().troubled() && !stage().ends_within(life, std::chrono::seconds{2}))
        complain(fmt::format("{} was cut off: {}", observer.name(), observer.line().farewell()));
    observer.close();
}

void Audience::pump(const std::string& address, std::uint64_t life) {
    std::vector<pollfd> entries;
    for (auto& observer : observers_) {
        if (!observer.is_open()) observer.open(address, account_.token, chance_);
        entries.push_back({observer.line().descriptor(), observer.line().events(), 0});
    }
    ::poll(entries.data(), entries.size(), poll_ms);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].revents != 0) serve(observers_[i], life);
    }
}

void Audience::live(const Stage::Life& life) {
    for (auto& observer : observers_) observer.close();
    while (stage().alive(life.number)) pump(life.address, life.number);
}

bool Audience::all_at(const std::map<std::int64_t, std::int64_t>& heads) const {
    return std::ranges::all_of(observers_, [&](const Observer& observer) {
        return !observer.is_resuming() &&
               std::ranges::all_of(observer.positions(), [&](const auto& position) { return position.second >= heads.at(position.first); });
    });
}

void Audience::settle(const std::string& address) {
    auto api = account_.at(address);
    std::map<std::int64_t, std::int64_t> heads;
    for (const auto& [conversation, position] : observers_.front().positions())
        heads[conversation] = api.get(fmt::format("/conversations/{}", conversation))["last_seq"].integer();
    const auto end = testing::moment() + longest_catching_up;
    while (!all_at(heads) && testing::moment() < end) pump(address, 0);
    for (auto& observer : observers_) {
        for (const auto& [conversation, position] : observer.positions())
            history_.arrivals.push_back({observer.name(), conversation, heads.at(conversation), position});
        observer.close();
    }
}

}  // namespace parley::faults
