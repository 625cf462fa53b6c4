// SPDX-License-Identifier: Apache-2.0
#include "faults/author.hpp"

#include "faults/checker.hpp"
#include "support/connection.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace parley::faults {
namespace {

constexpr std::string_view emoji = "👍";
/// Messages an author still touches; older ones are left alone.
constexpr std::size_t most_own = 60;

}  // namespace

Author::Author(std::string name, std::int64_t user, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage)
    : name_(std::move(name)),
      user_(user),
      conversations_(std::move(conversations)),
      chance_(seed),
      stage_(stage) {}

void Author::come_back() {
    for (auto& action : unacknowledged_) {
        if (happens(75)) again_.push_back(std::move(action));
    }
    unacknowledged_.clear();
    for (auto& own : own_) own.busy = false;
}

Action Author::next() {
    if (!again_.empty()) return repeat_one();
    if (!acknowledged_.empty() && happens(10)) {
        auto action = acknowledged_[chance_() % acknowledged_.size()];
        action.begun = moment_ns();
        action.settled = true;
        return action;
    }
    const auto conversation = conversations_[chance_() % conversations_.size()];
    if (happens(8) && seen_[conversation] > 0)
        return {.kind = Action::Kind::read, .conversation = conversation, .seq = seen_[conversation], .begun = moment_ns()};
    if (!own_.empty() && happens(35)) {
        auto& own = own_[chance_() % own_.size()];
        if (!own.busy) return change_one(own);
    }
    return send(conversation, fmt::format("{} says {} {}", name_, count_, std::string(static_cast<std::size_t>(pick(400)), 'x')));
}

Action Author::repeat_one() {
    auto action = std::move(again_.back());
    again_.pop_back();
    action.begun = moment_ns();
    return action;
}

Action Author::send(std::int64_t conversation, std::string text, std::vector<std::int64_t> files) {
    return {.kind = Action::Kind::send,
            .conversation = conversation,
            .key = fmt::format("{}-{:08}", name_, ++count_),
            .text = std::move(text),
            .files = std::move(files),
            .begun = moment_ns()};
}

Action Author::change_one(Own& own) {
    own.busy = true;
    const int what = pick(10);
    if (what == 0) return remove(own.conversation, own.seq);
    if (what < 5) {
        return {.kind = Action::Kind::edit,
                .conversation = own.conversation,
                .seq = own.seq,
                .text = fmt::format("{} corrects {}", name_, ++count_),
                .begun = moment_ns()};
    }
    return {.kind = own.reacted ? Action::Kind::unreact : Action::Kind::react,
            .conversation = own.conversation,
            .seq = own.seq,
            .text = std::string{emoji},
            .begun = moment_ns()};
}

Action Author::remove(std::int64_t conversation, std::int64_t seq) {
    return {.kind = Action::Kind::remove, .conversation = conversation, .seq = seq, .begun = moment_ns()};
}

Author::Own* Author::find_own(std::int64_t conversation, std::int64_t seq) {
    const auto found = std::ranges::find_if(own_, [&](const Own& own) { return own.conversation == conversation && own.seq == seq; });
    return found == own_.end() ? nullptr : &*found;
}

void Author::note(const Action& action, const Said& said) {
    const Span span{action.begun, moment_ns()};
    if (said.outcome == Outcome::ok) stage_.acknowledged();
    if (said.outcome == Outcome::refused) history_.surprises.push_back(fmt::format("{} was refused: {}", name_, said.complaint));
    if (action.kind == Action::Kind::send) return note_send(action, said, span);
    if (action.kind != Action::Kind::read) return note_change(action, said, span);
    if (said.outcome == Outcome::ok) history_.marks.push_back({user_, action.conversation, said.seq, span});
}

void Author::note_send(const Action& action, const Said& said, Span span) {
    history_.sends.push_back({action.key, action.conversation, user_, action.text, action.files, said.outcome, said.seq, span});
    if (said.outcome == Outcome::unknown) unacknowledged_.push_back(action);
    if (said.outcome != Outcome::ok) return;
    seen_[action.conversation] = std::max(seen_[action.conversation], said.seq);
    if (action.settled) return;
    acknowledged_.push_back(action);
    if (acknowledged_.size() > most_own) acknowledged_.erase(acknowledged_.begin());
    if (!action.files.empty()) return;
    own_.push_back({action.conversation, said.seq});
    if (own_.size() > most_own) own_.erase(own_.begin());
}

void Author::note_change(const Action& action, const Said& said, Span span) {
    const bool reacts = action.kind == Action::Kind::react || action.kind == Action::Kind::unreact;
    const auto what = reacts ? reaction_of(action.conversation, action.seq, action.text, user_) : text_of(action.conversation, action.seq);
    const bool unset = action.kind == Action::Kind::unreact;
    const auto value = action.kind == Action::Kind::remove ? std::string{deleted} : unset ? std::string{absent} : action.text;
    history_.changes.push_back({what, value, said.outcome, span});
    auto* own = find_own(action.conversation, action.seq);
    if (own == nullptr) return;
    own->busy = false;
    if (reacts && said.outcome == Outcome::ok) own->reacted = !unset;
    if (action.kind == Action::Kind::remove) std::erase_if(own_, [&](const Own& one) { return &one == own; });
}

}  // namespace parley::faults
