// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "websocket/session.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace parley::realtime {

/// The answers to one client's frames, sent in the order of the frames, though several are worked on at once.
class Answers {
public:
    explicit Answers(websocket::Session& session) : session_(session) {}

    using Ticket = std::uint64_t;
    /// A place for the answer to the frame that has just come.
    Ticket open() {
        waiting_.emplace_back();
        return first_ + waiting_.size() - 1;
    }
    /// Gives an answer its text. An empty text is no answer at all: the frame wants none.
    void finish(Ticket ticket, std::string text) {
        waiting_[static_cast<std::size_t>(ticket - first_)] = std::move(text);
        while (!waiting_.empty() && waiting_.front()) {
            if (!waiting_.front()->empty()) session_.send_text(*waiting_.front());
            waiting_.pop_front();
            ++first_;
        }
    }
    void finish_now(std::string text) { finish(open(), std::move(text)); }

    std::size_t pending() const noexcept { return waiting_.size(); }

private:
    websocket::Session& session_;
    Ticket first_ = 0;
    std::deque<std::optional<std::string>> waiting_;
};

}  // namespace parley::realtime
