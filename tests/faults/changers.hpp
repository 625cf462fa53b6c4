// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/author.hpp"
#include "faults/client.hpp"

#include <string>
#include <vector>

namespace parley::faults {

/// Sends files of up to 8 MiB, attaches some to messages, deletes some of those.
class Uploader final : public Client {
public:
    Uploader(const Account& account, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage);

    void settle(const std::string& address) override;
    History take_history() override { return std::move(author_.history()); }

private:
    void live(const Stage::Life& life) override;
    void complain(std::string what) override { author_.history().surprises.push_back(std::move(what)); }
    /// The file's id, 0 if it was not acknowledged.
    std::int64_t upload(testing::ApiClient& api);
    void use(testing::ApiClient& api, std::int64_t file);
    Said act(testing::ApiClient& api, const Action& action);
    std::string make_content();

    const Account account_;
    const std::vector<std::int64_t> conversations_;
    Author author_;
    int count_ = 0;
};

/// How long somebody is let in, and how long out.
struct Dwell {
    std::chrono::milliseconds in{10}, out{10};
};

/// The owner of a group who lets a guest in and out again, and changes what they may do.
class Gatekeeper final : public Client {
public:
    Gatekeeper(const Account& owner, std::int64_t group, std::int64_t guest, Dwell dwell, std::uint64_t seed, Stage& stage);

    void settle(const std::string&) override {}
    History take_history() override { return std::move(history_); }

private:
    void live(const Stage::Life& life) override;
    void complain(std::string what) override { history_.surprises.push_back(std::move(what)); }
    /// Whether the guest is in now, as far as anybody knows.
    bool change(testing::ApiClient& api);

    const Account owner_;
    const std::int64_t group_, guest_;
    const Dwell dwell_;
    std::mt19937_64 chance_;
    History history_;
};

}  // namespace parley::faults
