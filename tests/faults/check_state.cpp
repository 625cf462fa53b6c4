// SPDX-License-Identifier: Apache-2.0
#include "faults/checker.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>

namespace parley::faults {
namespace {

using Values = std::map<std::string, std::string>;

/// What everything that can be changed is in the end; what is missing is absent.
Values final_values(const History& history) {
    Values values;
    for (const auto& [id, conversation] : history.conversations) {
        for (const auto& [seq, message] : conversation.messages) {
            values[text_of(id, seq)] = message.text.value_or(std::string{deleted});
            for (const auto& [emoji, users] : message.reactions) {
                for (const auto user : users) values[reaction_of(id, seq, emoji, user)] = emoji;
            }
        }
        for (const auto& [user, member] : conversation.members) values[member_of(id, user)] = member.role;
    }
    for (const auto& [id, file] : history.files) values[file_of(id)] = file.name;
    return values;
}

/// What it was before anybody changed it: the text a message was sent with.
Values first_values(const History& history) {
    Values values;
    std::map<std::tuple<std::int64_t, std::int64_t, std::string>, const Send*> sends;
    for (const auto& send : history.sends) sends.emplace(std::tuple{send.conversation, send.sender, send.key}, &send);
    for (const auto& [id, conversation] : history.conversations) {
        for (const auto& [seq, message] : conversation.messages) {
            const auto sent = sends.find({id, message.sender, message.key});
            if (sent != sends.end()) values[text_of(id, seq)] = sent->second->text;
        }
    }
    return values;
}

/// Of a deleted message nothing is shown, whatever it was.
bool is_of_deleted(const std::string& what, const Values& last) {
    if (!what.starts_with("reaction ")) return false;
    const auto message = what.substr(9, what.find('/', what.find('/') + 1) - 9);
    const auto text = last.find("text " + message);
    return text != last.end() && text->second == deleted;
}

std::string value_of(const Values& values, const std::string& what) {
    const auto found = values.find(what);
    return found == values.end() ? std::string{absent} : found->second;
}

/// What `what` may be after these attempts, in their order: what it was last known to become, and what nobody knows whether it became.
std::set<std::string> possible_values(std::string first, const std::vector<const Change*>& changes) {
    std::set<std::string> possible{std::move(first)};
    for (const auto* change : changes) {
        if (change->outcome == Outcome::ok) possible.clear();
        if (change->outcome != Outcome::refused) possible.insert(change->value);
    }
    return possible;
}

std::map<std::string, std::vector<const Change*>> changes_of(const History& history) {
    std::map<std::string, std::vector<const Change*>> all;
    for (const auto& change : history.changes) all[change.what].push_back(&change);
    for (auto& [what, changes] : all) std::ranges::sort(changes, {}, [](const Change* change) { return change->span.begun; });
    return all;
}

/// The state that follows from a log, held against the state the server keeps beside it.
class Fold {
public:
    Fold(std::int64_t id, const Conversation& conversation, Anomalies& found) : id_(id), conversation_(conversation), found_(found) {}

    void run() {
        for (const auto& entry : conversation_.log) apply(entry);
        Values state;
        for (const auto& [user, member] : conversation_.members) state[member_of(id_, user)] = member.role;
        for (const auto& [seq, message] : conversation_.messages) {
            if (!message.text) continue;  // of a deleted message nothing is shown
            for (const auto& [emoji, users] : message.reactions) {
                for (const auto user : users) state[reaction_of(id_, seq, emoji, user)] = emoji;
            }
        }
        if (state != folded_) report_difference(state);
    }

private:
    void apply(const Entry& entry) {
        const auto reaction = reaction_of(id_, entry.message_seq, entry.detail, entry.user);
        const auto member = member_of(id_, entry.user);
        if (entry.event == "reaction.added") set(entry, reaction, entry.detail);
        if (entry.event == "reaction.removed") unset(entry, reaction);
        if (entry.event == "member.joined") set(entry, member, entry.detail);
        if (entry.event == "member.left") unset(entry, member);
        if (entry.event == "member.role_changed") folded_[member] = entry.detail;
        if (entry.event == "message.deleted") {
            const auto prefix = fmt::format("reaction {}/{}/", id_, entry.message_seq);
            std::erase_if(folded_, [&](const auto& value) { return value.first.starts_with(prefix); });
        }
    }
    void set(const Entry& entry, const std::string& what, const std::string& value) {
        if (!folded_.emplace(what, value).second) report_idle(entry, what);
    }
    void unset(const Entry& entry, const std::string& what) {
        if (folded_.erase(what) == 0) report_idle(entry, what);
    }
    void report_idle(const Entry& entry, const std::string& what) {
        found_.push_back({"duplicate", fmt::format("{} at {}/{} changes nothing of {}", entry.event, id_, entry.seq, what)});
    }
    void report_difference(const Values& state) {
        for (const auto& [what, value] : folded_) {
            if (value_of(state, what) != value)
                found_.push_back({"torn", fmt::format("{} is {}, its log says {}", what, value_of(state, what), value)});
        }
        for (const auto& [what, value] : state) {
            if (!folded_.contains(what)) found_.push_back({"torn", fmt::format("{} is {}, its log knows nothing of it", what, value)});
        }
    }

    const std::int64_t id_;
    const Conversation& conversation_;
    Anomalies& found_;
    Values folded_;
};

void check_unread(std::int64_t id, const Conversation& conversation, Anomalies& found) {
    for (const auto& [user, member] : conversation.members) {
        if (!member.unread) continue;
        const auto unread = std::ranges::count_if(conversation.messages, [&](const auto& place) {
            const auto& [seq, message] = place;
            return seq > member.last_read_seq && message.sender != user && message.text.has_value();
        });
        if (unread != *member.unread)
            found.push_back({"torn", fmt::format("user {} has {} unread in conversation {}, not {}", user, unread, id, *member.unread)});
    }
}

/// As many edits in the log as were acknowledged, or up to as many more as nobody knows of.
void check_edits(const History& history, Anomalies& found) {
    std::map<std::string, std::int64_t> edits;
    for (const auto& [id, conversation] : history.conversations) {
        for (const auto& entry : conversation.log) edits[text_of(id, entry.message_seq)] += entry.event == "message.edited" ? 1 : 0;
    }
    for (const auto& [what, changes] : changes_of(history)) {
        if (!what.starts_with("text ")) continue;
        const auto count = [&](Outcome outcome) {
            return std::ranges::count_if(changes, [&](const auto* change) { return change->outcome == outcome && change->value != deleted; });
        };
        const auto least = count(Outcome::ok), most = least + count(Outcome::unknown);
        if (edits[what] < least || edits[what] > most)
            found.push_back(
                {"lost update", fmt::format("{} has {} edits in the log; {} were acknowledged, {} tried", what, edits[what], least, most)});
    }
}

}  // namespace

void check_logs(const History& history, Anomalies& found) {
    for (const auto& [id, conversation] : history.conversations) {
        std::int64_t expected = 1, messages = 0;
        for (const auto& entry : conversation.log) {
            if (entry.seq < expected) found.push_back({"reuse", fmt::format("conversation {} has {} twice", id, entry.seq)});
            if (entry.seq > expected) found.push_back({"gap", fmt::format("conversation {} has {} where {} belongs", id, entry.seq, expected)});
            expected = entry.seq + 1;
            if (entry.event != "message.created") continue;
            ++messages;
            const auto message = conversation.messages.find(entry.seq);
            if (message == conversation.messages.end() || message->second.key != entry.key)
                found.push_back({"torn", fmt::format("message {}/{} is in the log and not in the history", id, entry.seq)});
        }
        if (expected != conversation.last_seq + 1)
            found.push_back({"gap", fmt::format("conversation {} ends at {}, and its last_seq is {}", id, expected - 1, conversation.last_seq)});
        if (messages != std::ssize(conversation.messages))
            found.push_back({"torn", fmt::format("conversation {} has {} messages, {} in its log", id, conversation.messages.size(), messages)});
    }
}

void check_changes(const History& history, Anomalies& found) {
    const auto last = final_values(history), first = first_values(history);
    auto changes = changes_of(history);
    for (const auto& [what, value] : first) changes.try_emplace(what);  // what nobody changed keeps its first value
    for (const auto& [what, attempts] : changes) {
        if (is_of_deleted(what, last)) continue;
        const bool is_file = what.starts_with("file ");
        const auto possible = possible_values(is_file ? value_of(last, what) : value_of(first, what), attempts);
        if (!possible.contains(value_of(last, what)))
            found.push_back({"lost update", fmt::format("{} is \"{}\", not \"{}\"", what, value_of(last, what), *possible.begin())});
    }
    check_edits(history, found);
}

void check_state(const History& history, Anomalies& found) {
    for (const auto& [id, conversation] : history.conversations) {
        Fold{id, conversation, found}.run();
        check_unread(id, conversation, found);
    }
}

}  // namespace parley::faults
