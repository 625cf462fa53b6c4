// SPDX-License-Identifier: Apache-2.0
#include "faults/checker.hpp"
#include "faults/frontier.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <tuple>

namespace parley::faults {
namespace {

/// All attempts to send one message, and where it stands.
struct Sent {
    std::set<std::int64_t> told;    // seqs that were answered
    std::set<std::int64_t> placed;  // seqs at which it stands in the log
    bool unknown = false;
    const Send* first = nullptr;  // that may have put it there
    std::int64_t acknowledged_at = 0;
};

using Key = std::tuple<std::int64_t, std::int64_t, std::string>;  // conversation, sender, key

void add_attempt(Sent& sent, const Send& send) {
    const auto comes_first = [](const Send& one, const Send& other) {
        return std::pair{one.outcome == Outcome::refused, one.span.begun} < std::pair{other.outcome == Outcome::refused, other.span.begun};
    };
    if (sent.first == nullptr || comes_first(send, *sent.first)) sent.first = &send;
    if (send.outcome == Outcome::unknown) sent.unknown = true;
    if (send.outcome != Outcome::ok) return;
    if (sent.told.empty() || send.span.ended < sent.acknowledged_at) sent.acknowledged_at = send.span.ended;
    sent.told.insert(send.seq);
}

std::map<Key, Sent> sends_of(const History& history) {
    std::map<Key, Sent> all;
    for (const auto& send : history.sends) add_attempt(all[{send.conversation, send.sender, send.key}], send);
    for (const auto& [id, conversation] : history.conversations) {
        for (const auto& entry : conversation.log) {
            if (entry.event == "message.created") all[{id, entry.actor, entry.key}].placed.insert(entry.seq);
        }
    }
    return all;
}

std::string name_of(const Key& key) { return fmt::format("{} of user {} in conversation {}", std::get<2>(key), std::get<1>(key), std::get<0>(key)); }

void check_one(const Key& key, const Sent& sent, Anomalies& found) {
    if (sent.first == nullptr) return found.push_back({"phantom", name_of(key) + " was never sent"});
    if (sent.told.size() > 1) found.push_back({"duplicate", name_of(key) + " was answered with several seqs"});
    if (sent.placed.size() > 1) found.push_back({"duplicate", name_of(key) + fmt::format(" stands {} times in the log", sent.placed.size())});
    for (const auto seq : sent.told) {
        if (!sent.placed.contains(seq)) found.push_back({"lost write", name_of(key) + fmt::format(" was acknowledged at {}", seq)});
    }
    if (sent.told.empty() && !sent.unknown && !sent.placed.empty()) found.push_back({"phantom", name_of(key) + " was refused"});
}

void check_content(const History& history, const Send& send, std::int64_t seq, Anomalies& found) {
    const auto conversation = history.conversations.find(send.conversation);
    if (conversation == history.conversations.end()) return;
    const auto message = conversation->second.messages.find(seq);
    if (message == conversation->second.messages.end() || !message->second.text) return;  // deleted: it carries nothing any more
    if (message->second.files != send.files)
        found.push_back({"lost write", fmt::format("message {}/{} does not carry the files it was sent with", send.conversation, seq)});
}

}  // namespace

void check_sends(const History& history, Anomalies& found) {
    for (const auto& [key, sent] : sends_of(history)) {
        check_one(key, sent, found);
        for (const auto seq : sent.placed) {
            if (sent.first != nullptr) check_content(history, *sent.first, seq, found);
        }
    }
}

void check_order(const History& history, Anomalies& found) {
    std::map<std::int64_t, Frontier> known;
    const auto sends = sends_of(history);
    for (const auto& [key, sent] : sends) {
        if (!sent.told.empty()) known[std::get<0>(key)].add(sent.acknowledged_at, *sent.told.begin());
    }
    for (const auto& head : history.heads) known[head.conversation].add(head.span.ended, head.last_seq);
    for (auto& [id, frontier] : known) frontier.settle();
    for (const auto& [key, sent] : sends) {
        if (sent.first == nullptr || sent.placed.empty()) continue;
        const auto before = known[std::get<0>(key)].before(sent.first->span.begun);
        if (*sent.placed.begin() <= before)
            found.push_back(
                {"real-time reorder", name_of(key) + fmt::format(" stands at {}, and {} was known before", *sent.placed.begin(), before)});
    }
}

}  // namespace parley::faults
