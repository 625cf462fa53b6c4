// SPDX-License-Identifier: Apache-2.0
#include "faults/linearizable.hpp"

#include <algorithm>
#include <limits>

namespace parley::faults {
namespace {

class Search {
public:
    Search(const History& history, std::int64_t conversation) : log_(history.conversations.at(conversation)) {
        for (const auto& send : history.sends) {
            if (send.outcome != Outcome::refused) operations_.push_back({&send, nullptr, send.span.begun, end_of(send)});
        }
        for (const auto& head : history.heads) operations_.push_back({nullptr, &head, head.span.begun, head.span.ended});
    }

    bool succeeds() {
        for (std::size_t i = 0; i < log_.log.size(); ++i) {
            if (log_.log[i].seq != static_cast<std::int64_t>(i) + 1) return false;
        }
        return log_.last_seq == std::ssize(log_.log) && go_on(0, 0);
    }

private:
    struct Operation {
        const Send* send;
        const Head* head;
        std::int64_t begun, ended;
    };

    static std::int64_t end_of(const Send& send) { return send.outcome == Outcome::ok ? send.span.ended : std::numeric_limits<std::int64_t>::max(); }

    bool is_open(std::size_t index) const { return operations_[index].send != nullptr && operations_[index].send->outcome == Outcome::unknown; }

    /// With the operations of `done` behind us, and a log of `length` entries.
    bool go_on(std::uint32_t done, std::size_t length) {
        if (!visited_.insert({done, length}).second) return false;
        bool complete = length == log_.log.size();
        for (std::size_t i = 0; i < operations_.size(); ++i) complete = complete && ((done >> i & 1U) != 0 || is_open(i));
        if (complete) return true;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if ((done >> i & 1U) == 0 && may_be_next(done, i) && perform(done | 1U << i, length, operations_[i])) return true;
        }
        return false;
    }

    bool may_be_next(std::uint32_t done, std::size_t index) const {
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if ((done >> i & 1U) == 0 && operations_[i].ended < operations_[index].begun) return false;
        }
        return true;
    }

    bool perform(std::uint32_t done, std::size_t length, const Operation& operation) {
        if (operation.head != nullptr) return operation.head->last_seq == static_cast<std::int64_t>(length) && go_on(done, length);
        const auto& send = *operation.send;
        const auto end = log_.log.begin() + static_cast<std::ptrdiff_t>(length);
        const auto is_it = [&](const Entry& entry) { return entry.key == send.key && entry.actor == send.sender; };
        const auto earlier = std::find_if(log_.log.begin(), end, is_it);
        const auto seq = earlier == end ? static_cast<std::int64_t>(length) + 1 : earlier->seq;
        if (send.outcome == Outcome::ok && send.seq != seq) return false;
        if (earlier != end) return go_on(done, length);
        return end != log_.log.end() && is_it(*end) && go_on(done, length + 1);
    }

    const Conversation& log_;
    std::vector<Operation> operations_;
    std::set<std::pair<std::uint32_t, std::size_t>> visited_;
};

}  // namespace

bool is_linearizable(const History& history, std::int64_t conversation) { return Search{history, conversation}.succeeds(); }

}  // namespace parley::faults
