// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace parley::bench {

/// The size of the texts of P3, in bytes.
inline constexpr std::size_t text_bytes = 120;

/// Ids as the SDK makes them for its messages: UUIDv7 (RFC 9562 section 5.7), 36 characters, the milliseconds in front and 74 random bits behind.
class ClientIds {
public:
    explicit ClientIds(std::uint64_t seed) : random_(seed) {}
    std::string next(std::int64_t unix_ms);

private:
    std::mt19937_64 random_;
};

/// Who is there before a measurement begins.
struct Person {
    UserId id;
    std::string access_token;  // good for a day
    std::vector<ConversationId> groups;
};

struct WorldPlan {
    std::size_t people = 0;
    std::size_t groups = 0;
    std::size_t members_per_group = 1;  // the first of them is in turn person 0, 1, 2, …; the others follow
};

/// Makes a data folder as a server leaves it: people with sessions, and groups. Nobody may have it open. Throws std::runtime_error.
std::vector<Person> make_world(const std::filesystem::path& data_dir, const WorldPlan& plan);

/// Appends `count` messages of P3's shape in the people's groups, a few thousand with each commit, through chat::Log: log, keys, index, totals and
/// marks end up as after as many sends.
void add_messages(const std::filesystem::path& data_dir, const std::vector<Person>& people, std::int64_t count);

/// The last event of each conversation in the folder of a stopped server.
using Positions = std::map<ConversationId, Seq>;
Positions positions_in(const std::filesystem::path& data_dir);

/// The epoch of the folder of a server, stopped or running.
std::string epoch_of(const std::filesystem::path& data_dir);

/// How many events the log of a stopped server holds.
std::int64_t events_in(const std::filesystem::path& data_dir);

}  // namespace parley::bench
