// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/history.hpp"
#include "faults/stage.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace parley::faults {

/// Something a user does to a conversation, whatever the transport.
struct Action {
    enum class Kind : std::uint8_t { send, edit, remove, react, unreact, read };

    Kind kind = Kind::send;
    std::int64_t conversation = 0;
    std::int64_t seq = 0;  // of the message it is about
    std::string key = {};
    std::string text = {};  // or the emoji
    std::vector<std::int64_t> files = {};
    std::int64_t begun = 0;
    bool settled = false;  // a send that was acknowledged before: nothing new may come of it
};

/// What a server said to an action.
struct Said {
    Outcome outcome = Outcome::unknown;
    std::int64_t seq = 0;        // the message's, or the mark
    std::string complaint = {};  // where it was refused
};

/// What a user does, one thing after the other, and what becomes of it. Only the author touches own messages, so that the order of changes is known.
class Author {
public:
    Author(std::string name, std::int64_t user, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage);

    /// A server has come back: of what was not acknowledged, most is sent again, some is left as it is.
    void come_back();
    Action next();
    /// A message of its own making.
    Action send(std::int64_t conversation, std::string text, std::vector<std::int64_t> files = {});
    Action remove(std::int64_t conversation, std::int64_t seq);
    /// What became of an action that `next`, `send` or `remove` gave.
    void note(const Action& action, const Said& said);
    /// Whether something waits to be sent again.
    bool has_unacknowledged() const noexcept { return !again_.empty(); }

    History& history() noexcept { return history_; }
    std::mt19937_64& chance() noexcept { return chance_; }
    int pick(int below) { return static_cast<int>(chance_() % static_cast<std::uint64_t>(below)); }
    bool happens(int percent) { return pick(100) < percent; }

private:
    struct Own {
        std::int64_t conversation = 0, seq = 0;
        bool busy = false;  // an action about it is under way
        bool reacted = false;
    };

    Action repeat_one();
    Action change_one(Own& own);
    Own* find_own(std::int64_t conversation, std::int64_t seq);
    void note_send(const Action& action, const Said& said, Span span);
    void note_change(const Action& action, const Said& said, Span span);

    const std::string name_;
    const std::int64_t user_;
    const std::vector<std::int64_t> conversations_;
    std::mt19937_64 chance_;
    Stage& stage_;
    History history_;
    std::uint64_t count_ = 0;
    std::vector<Action> unacknowledged_, again_, acknowledged_;
    std::vector<Own> own_;
    std::map<std::int64_t, std::int64_t> seen_;  // conversation → a seq that is surely there
};

}  // namespace parley::faults
