// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/client.hpp"
#include "support/socket_line.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace parley::faults {

/// One socket of an audience: it leaves and comes back, and resumes from where it was, from some place before, from the very beginning, or from a
/// place that cannot be (another epoch, beyond the end).
class Observer {
public:
    Observer(std::string name, const std::vector<std::int64_t>& conversations);

    /// A frame as it came, with the event it holds, if it does.
    struct Known {
        std::int64_t conversation = 0;  // 0: no event
        std::int64_t seq = 0;
        SharedText identity, bytes;
    };

    void open(const std::string& address, const std::string& token, std::mt19937_64& chance);
    void close() { line_.reset(); }
    bool is_open() const noexcept { return line_.has_value(); }
    testing::SocketLine& line() { return *line_; }
    /// Signs in and resumes, as soon as the upgrade is granted.
    void greet();
    /// False if it is to come back: it has read enough, or was told to read anew.
    bool take(const Known& frame, const std::string& text, History& history);
    /// The last event that came, of each conversation.
    const std::map<std::int64_t, std::int64_t>& positions() const noexcept { return positions_; }
    bool is_resuming() const noexcept { return asked_.has_value(); }
    const std::string& name() const noexcept { return name_; }

private:
    boost::json::object begin_resume(std::mt19937_64& chance);
    void take_event(const Known& frame, History& history);
    void add(const Event& event, std::int64_t conversation, History& history);
    void start_anew(std::int64_t conversation, std::int64_t position, History& history);
    void end_resume(const testing::Json& answer, History& history);
    void begin_stream(std::int64_t conversation, std::optional<std::int64_t> after, History& history);

    const std::string name_;
    std::map<std::int64_t, std::int64_t> positions_;
    std::string epoch_;
    std::optional<testing::SocketLine> line_;
    std::map<std::int64_t, std::size_t> stream_;
    std::optional<Resume> asked_;
    std::optional<boost::json::object> greeting_;
    std::map<std::int64_t, std::vector<Event>> meanwhile_;  // what came while a resume was not answered; without it nobody knows what it is
    std::uint64_t frames_left_ = 0;
};

/// Many sockets of one user, on one thread.
class Audience final : public Client {
public:
    Audience(std::string name, const Account& account, const std::vector<std::int64_t>& conversations, int sockets, std::uint64_t seed, Stage& stage);

    /// Within five seconds everybody is at the head, on the sockets they have.
    void settle(const std::string& address) override;
    History take_history() override { return std::move(history_); }

private:
    void live(const Stage::Life& life) override;
    void complain(std::string what) override { history_.surprises.push_back(std::move(what)); }
    /// Takes what has come; opens what is closed.
    void pump(const std::string& address, std::uint64_t life);
    void serve(Observer& observer, std::uint64_t life);
    const Observer::Known& known(const std::string& text);
    bool all_at(const std::map<std::int64_t, std::int64_t>& heads) const;

    const Account account_;
    std::mt19937_64 chance_;
    std::vector<Observer> observers_;
    std::unordered_map<std::string, Observer::Known> frames_;  // a frame that reaches many is parsed once
    History history_;
};

}  // namespace parley::faults
