// SPDX-License-Identifier: Apache-2.0
#include "faults/changers.hpp"

#include "core/sha256.hpp"
#include "faults/checker.hpp"
#include "faults/writers.hpp"

#include <fmt/format.h>
#include <array>

namespace parley::faults {
namespace {

constexpr std::size_t largest_file = std::size_t{8} << 20;
constexpr std::chrono::milliseconds between_uploads{20};

}  // namespace

Uploader::Uploader(const Account& account, std::vector<std::int64_t> conversations, std::uint64_t seed, Stage& stage)
    : Client(account.username, stage),
      account_(account),
      conversations_(std::move(conversations)),
      author_(account.username, account.id, conversations_, seed, stage) {}

/// Mostly small, some of the largest size, some empty; no two the same.
std::string Uploader::make_content() {
    auto& chance = author_.chance();
    const auto scale = std::size_t{1} << (chance() % 24);
    const auto size = std::min(largest_file, chance() % (2 * scale));
    std::string content(size, '\0');
    for (std::size_t i = 0; i + 8 <= size; i += 8) {
        const auto bytes = chance();
        content.replace(i, 8, reinterpret_cast<const char*>(&bytes), 8);
    }
    return content;
}

std::int64_t Uploader::upload(testing::ApiClient& api) {
    const auto content = make_content();
    Upload upload{.name = fmt::format("file-{}.bin", ++count_), .size = std::ssize(content), .sha256 = sha256_hex(content)};
    auto& uploads = author_.history().uploads;
    uploads.push_back(upload);
    const auto answer = api.send_form("/files", {{.name = "file", .content = content, .filename = upload.name}});
    uploads.back().outcome = outcome_of(answer);
    if (uploads.back().outcome == Outcome::refused) complain(fmt::format("an upload was refused: {} {}", answer.status, answer.body));
    if (uploads.back().outcome != Outcome::ok) return 0;
    stage().acknowledged();
    return uploads.back().file = answer["id"].integer();
}

Said Uploader::act(testing::ApiClient& api, const Action& action) {
    try {
        const auto said = perform(api, action);
        author_.note(action, said);
        return said;
    } catch (...) {
        author_.note(action, {});
        throw;
    }
}

void Uploader::use(testing::ApiClient& api, std::int64_t file) {
    const auto conversation = conversations_[author_.chance()() % conversations_.size()];
    const auto sent = act(api, author_.send(conversation, fmt::format("file {}", file), {file}));
    if (sent.outcome != Outcome::ok || !author_.happens(25)) return;
    const auto removal = author_.remove(conversation, sent.seq);
    // The file goes with the only message that carries it, or nobody knows.
    auto& change =
        author_.history().changes.emplace_back(Change{file_of(file), std::string{absent}, Outcome::unknown, {removal.begun, removal.begun}});
    const auto place = static_cast<std::size_t>(&change - author_.history().changes.data());
    const auto removed = act(api, removal);
    author_.history().changes[place].outcome = removed.outcome;
}

void Uploader::live(const Stage::Life& life) {
    auto api = account_.at(life.address);
    author_.come_back();
    while (stage().may_write(life.number)) {
        while (author_.has_unacknowledged()) act(api, author_.next());
        const auto file = upload(api);
        if (file > 0 && author_.happens(70)) use(api, file);
        stage().rest(life.number, between_uploads);
    }
}

void Uploader::settle(const std::string& address) {
    auto api = account_.at(address);
    author_.come_back();
    while (author_.has_unacknowledged()) act(api, author_.next());
}

Gatekeeper::Gatekeeper(const Account& owner, std::int64_t group, std::int64_t guest, Dwell dwell, std::uint64_t seed, Stage& stage)
    : Client("gatekeeper", stage),
      owner_(owner),
      group_(group),
      guest_(guest),
      dwell_(dwell),
      chance_(seed) {}

bool Gatekeeper::change(testing::ApiClient& api) {
    constexpr std::array roles{"guest", "member", "admin"};
    const auto target = fmt::format("/groups/{}/members/{}", group_, guest_);
    const bool remove = chance_() % 3 == 0;
    const std::string role = roles.at(chance_() % roles.size());
    const auto place = history_.changes.size();
    history_.changes.push_back({member_of(group_, guest_), remove ? std::string{absent} : role, Outcome::unknown, {moment_ns(), 0}});
    const auto answer = remove ? api.remove(target) : api.put(target, {{"role", role}});
    auto& change = history_.changes[place];
    change.span.ended = moment_ns();
    change.outcome = remove && answer.status == 404 ? Outcome::ok : outcome_of(answer);  // who is not in is out
    if (change.outcome == Outcome::refused) complain(fmt::format("a change of members was refused: {} {}", answer.status, answer.body));
    if (change.outcome == Outcome::ok) stage().acknowledged();
    return !remove || change.outcome != Outcome::ok;
}

void Gatekeeper::live(const Stage::Life& life) {
    auto api = owner_.at(life.address);
    while (stage().may_write(life.number)) {
        const bool is_in = change(api);
        stage().rest(life.number, is_in ? dwell_.in : dwell_.out);
    }
}

}  // namespace parley::faults
