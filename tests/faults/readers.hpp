// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/client.hpp"
#include "support/socket_client.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace parley::faults {

/// The events of a conversation after a position, by GET …/events, as a stream; the page's claim of the head goes into the history too.
Stream read_events(testing::ApiClient& api, const std::string& reader, std::int64_t conversation, std::int64_t after, int limit, History& history);

/// A socket that resumes from its last positions whenever it is opened: after each start of the server, and now and then in between.
class ResumingReader final : public Client {
public:
    ResumingReader(std::string name, const Account& account, const std::vector<std::int64_t>& conversations, std::uint64_t seed, Stage& stage);

    /// Reads until nothing is missing up to the heads.
    void settle(const std::string& address) override;
    History take_history() override { return std::move(history_); }
    std::uint64_t resumes() const noexcept { return resumes_; }

private:
    void live(const Stage::Life& life) override;
    void complain(std::string what) override { history_.surprises.push_back(std::move(what)); }
    testing::SocketClient open(const std::string& address);
    /// Signs in and resumes in one frame.
    testing::SocketClient open_at_once(const std::string& address);
    boost::json::object begin_resume(const std::vector<std::int64_t>& conversations);
    void resume(testing::SocketClient& socket, const std::vector<std::int64_t>& conversations);
    void end_resume(const testing::Json& data);
    /// Reads a frame if one comes in time. What was too far behind is read by page and resumed again.
    bool read_one(testing::SocketClient& socket, std::chrono::milliseconds limit);
    void note_event(const testing::Json& event);
    void begin_stream(std::int64_t conversation, std::optional<std::int64_t> after);
    void catch_up(testing::SocketClient& socket, const testing::Json& truncated);

    const Account account_;
    std::mt19937_64 chance_;
    std::string address_;
    History history_;
    std::map<std::int64_t, std::int64_t> positions_;
    std::map<std::int64_t, std::size_t> stream_;  // the one a conversation's events are part of at the moment
    struct Asked {
        std::int64_t position = 0;
        bool begun = false;  // something of its answer has come; until then live events go on
    };
    std::map<std::int64_t, Asked> asked_;  // resumes that are not answered
    std::string epoch_;
    std::int64_t last_id_ = 0;
    int resumes_open_ = 0;
    std::uint64_t resumes_ = 0;
};

/// Reads logs by page, always asking for what comes after the last event it has.
class Pager final : public Client {
public:
    Pager(std::string name, const Account& account, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage);

    void settle(const std::string& address) override;
    History take_history() override { return std::move(history_); }

private:
    void live(const Stage::Life& life) override;
    void complain(std::string what) override { history_.surprises.push_back(std::move(what)); }

    const Account account_;
    const std::vector<std::int64_t> conversations_;
    std::mt19937_64 chance_;
    History history_;
    std::map<std::int64_t, std::int64_t> positions_;
};

/// Follows its conversations by /sync alone, and marks what it has heard of as read.
class SyncFollower final : public Client {
public:
    SyncFollower(std::string name, const Account& account, std::uint64_t seed, Stage& stage);

    void settle(const std::string& address) override;
    History take_history() override { return std::move(history_); }

private:
    void live(const Stage::Life& life) override;
    void complain(std::string what) override { history_.surprises.push_back(std::move(what)); }
    /// Whether anything had changed.
    bool sync(testing::ApiClient& api);
    void mark_read(testing::ApiClient& api);

    const Account account_;
    std::mt19937_64 chance_;
    History history_;
    std::string cursor_;
    std::map<std::int64_t, std::int64_t> heads_;
};

}  // namespace parley::faults
